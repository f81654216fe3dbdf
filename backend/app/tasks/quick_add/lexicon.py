"""The words that the grammar knows, in English, Roman Urdu and Urdu. Data only."""

from __future__ import annotations

DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")

NUMBERS: dict[str, int] = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple of": 2, "a couple of": 2},
    **{"ek": 1, "aik": 1, "do": 2, "teen": 3, "char": 4, "chaar": 4, "paanch": 5, "panch": 5, "chay": 6, "chhe": 6},
    **{"saat": 7, "aath": 8, "nau": 9, "das": 10, "dus": 10, "gyarah": 11, "barah": 12},
    **{"ایک": 1, "دو": 2, "تین": 3, "چار": 4, "پانچ": 5, "چھ": 6, "سات": 7, "آٹھ": 8, "نو": 9, "دس": 10},
    **{"گیارہ": 11, "بارہ": 12},
}

ORDINALS: dict[str, int] = {
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "last": -1},
}

# Monday is 0, as in datetime.date.weekday().
WEEKDAYS: dict[str, int] = {
    **{"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6},
    **{"پیر": 0, "سوموار": 0, "منگل": 1, "بدھ": 2, "جمعرات": 3, "جمعہ": 4, "جمعے": 4, "اتوار": 6},
}
# These are also words or names, so they need company: "on sat", "peer ko", "every wed".
SHY_WEEKDAYS: dict[str, int] = {
    **{"mondays": 0, "tuesdays": 1, "wednesdays": 2, "thursdays": 3, "fridays": 4, "saturdays": 5, "sundays": 6},
    **{"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6},
    **{"peer": 0, "pir": 0, "somwar": 0, "mangal": 1, "budh": 2, "jumerat": 3, "jumeraat": 3, "juma": 4, "jumma": 4},
    **{"hafta": 5, "hafte": 5, "ہفتہ": 5, "ہفتے": 5, "itwar": 6, "itwaar": 6},
}
# "Black Friday" and "Palm Sunday" are names, not appointments.
NAMED_DAYS = r"black|good|cyber|easter|ash|shrove|palm|super|casual|bloody"

MONTHS: dict[str, int] = {
    **{"january": 1, "february": 2, "april": 4, "june": 6, "july": 7, "august": 8, "september": 9},
    **{"october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "apr": 4, "jun": 6, "jul": 7, "aug": 8},
    **{"sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
    **{"جنوری": 1, "فروری": 2, "مارچ": 3, "اپریل": 4, "مئی": 5, "جون": 6, "جولائی": 7, "اگست": 8, "ستمبر": 9},
    **{"اکتوبر": 10, "نومبر": 11, "دسمبر": 12},
}
# "May I …" and "march 2 miles" are not dates unless something says so.
SHY_MONTHS: dict[str, int] = {"may": 5, "march": 3, "mar": 3}

TODAY = ("today", "tod", "aaj", "آج")
TOMORROW = ("tomorrow", "tomorow", "tommorow", "tommorrow", "tomorrrow", "tmr", "tmrw", "2moro", "kal", "کل")
YESTERDAY = ("the day before yesterday", "day before yesterday", "yesterday")
# "Send the notes from yesterday" tells which notes, not when.
OF_YESTERDAY = r"from|of|about|since|like|than|the|until|till|'s"
AFTER_TOMORROW = ("the day after tomorrow", "day after tomorrow", "overmorrow", "parso", "parson ko", "پرسوں")

# Part of the day: the hour when it is meant alone.
DAY_PARTS: dict[str, int] = {
    **{"morning": 9, "afternoon": 14, "evening": 18, "night": 20},
    **{"subah": 9, "subha": 9, "dopahar": 14, "dopeher": 14, "shaam": 18, "sham": 18, "raat": 20},
    **{"صبح": 9, "دوپہر": 14, "شام": 18, "رات": 20},
}

# unit -> (days, months, minutes)
UNITS: dict[str, tuple[int, int, int]] = {
    **dict.fromkeys(("minute", "minutes", "min", "mins", "منٹ"), (0, 0, 1)),
    **dict.fromkeys(
        ("hour", "hours", "hr", "hrs", "ghante", "ghanta", "ghanton", "گھنٹے", "گھنٹہ", "گھنٹوں"), (0, 0, 60)
    ),
    **dict.fromkeys(("day", "days", "din", "دن", "دنوں"), (1, 0, 0)),
    **dict.fromkeys(("week", "weeks", "hafta", "hafte", "hafton", "ہفتہ", "ہفتے", "ہفتوں"), (7, 0, 0)),
    **dict.fromkeys(("fortnight", "fortnights"), (14, 0, 0)),
    **dict.fromkeys(
        ("month", "months", "mahina", "mahine", "mahinay", "mahinon", "مہینہ", "مہینے", "مہینوں"), (0, 1, 0)
    ),
    **dict.fromkeys(("quarter", "quarters"), (0, 3, 0)),
    **dict.fromkeys(("year", "years", "saal", "سال"), (0, 12, 0)),
}

PRIORITIES: dict[str, str] = {
    **dict.fromkeys(("high", "hi", "h", "1", "urgent", "top", "highest", "critical", "!!", "p1"), "high"),
    **dict.fromkeys(("medium", "med", "m", "2", "normal", "mid", "!", "p2"), "medium"),
    **dict.fromkeys(("low", "lo", "l", "3", "lowest", "p3"), "low"),
    **dict.fromkeys(("none", "no", "0", "p4"), "none"),
}

URGENT = r"urgent(?:ly)?|asap|(?:bohat\s+|bahut\s+|بہت\s+)?(?:zaroori|zaruri|ضروری)|فوری|fori|foran|فوراً|فورا"
DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def alternation(words: object) -> str:
    """A regular expression for any of the words, longest first so that "sept" is not read as "sep"."""
    from re import escape

    texts = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(escape(text).replace(r"\ ", r"\s+") for text in texts)
