"""Tasks in and out: JSON, which keeps everything, CSV for spreadsheets, and iCalendar for calendars."""
