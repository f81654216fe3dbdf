"""What the rule engine says, in the language it was spoken to. `{…}` are filled in."""

from __future__ import annotations

PHRASES: dict[str, dict[str, str]] = {
    "greet": {
        "en": "Hello! Tell me what to remember, or ask what is on your list.",
        "roman": "Salam! Bataiye kya yaad rakhna hai, ya poochiye ke kya baqi hai.",
        "ur": "سلام! بتائیے کیا یاد رکھنا ہے، یا پوچھیے کہ کیا باقی ہے۔",
    },
    "thank": {"en": "You're welcome.", "roman": "Koi baat nahi.", "ur": "کوئی بات نہیں۔"},
    "help": {
        "en": (
            "I keep your tasks. For example:\n"
            "- add buy milk tomorrow 5pm #shop !high\n"
            "- what is pending? · what have I finished? · show overdue tasks\n"
            "- complete the second one · reopen milk · rename milk to oat milk\n"
            "- move dentist to friday · postpone it by 2 days · make rent repeat every month\n"
            "- delete all done ones · undo"
        ),
        "roman": (
            "Main aap ke kaam yaad rakhta hoon. Maslan:\n- kal doodh lana shamil karo\n- mere kaam dikhao\n"
            "- doodh mukammal karo\n- doodh ko delete karo\n- wapas karo"
        ),
        "ur": (
            "میں آپ کے کام یاد رکھتا ہوں۔ مثلاً:\n- کل دودھ لانا شامل کرو\n- میرے کام دکھاؤ\n- دودھ مکمل کرو\n"
            "- دودھ حذف کرو\n- واپس کرو"
        ),
    },
    "unknown": {
        "en": "I did not understand that. Try “add …”, “show my tasks”, “complete …”, or “help”.",
        "roman": "Main samjha nahi. “... shamil karo”, “mere kaam dikhao” ya “madad” likhiye.",
        "ur": "میں سمجھا نہیں۔ “… شامل کرو”، “میرے کام دکھاؤ” یا “مدد” لکھیے۔",
    },
    "yes": {
        "en": "There is nothing waiting for a yes.",
        "roman": "Koi sawal baqi nahi.",
        "ur": "کوئی سوال باقی نہیں۔",
    },
    "no": {
        "en": "All right, nothing was changed.",
        "roman": "Theek hai, kuch nahi badla.",
        "ur": "ٹھیک ہے، کچھ نہیں بدلا۔",
    },
    "no_title": {
        "en": "What should the task be called?",
        "roman": "Kaam ka naam kya ho?",
        "ur": "کام کا نام کیا ہو؟",
    },
    "nothing_shown": {
        "en": "Which task do you mean? Say its name, or “show my tasks” first.",
        "roman": "Kaun sa kaam? Us ka naam likhiye.",
        "ur": "کون سا کام؟ اس کا نام لکھیے۔",
    },
    "which": {"en": "Which one do you mean?", "roman": "Kaun sa kaam?", "ur": "کون سا کام؟"},
    "out_of_range": {
        "en": "The last list has no task at that place.",
        "roman": "List mein is number par koi kaam nahi.",
        "ur": "فہرست میں اس نمبر پر کوئی کام نہیں۔",
    },
    "added": {"en": "Added {titles}.", "roman": "{titles} shamil kar diya.", "ur": "{titles} شامل کر دیا۔"},
    "completed": {"en": "Completed {titles}.", "roman": "{titles} mukammal ho gaya.", "ur": "{titles} مکمل ہو گیا۔"},
    "reopened": {"en": "Reopened {titles}.", "roman": "{titles} dobara khol diya.", "ur": "{titles} دوبارہ کھول دیا۔"},
    "updated": {"en": "Updated {titles}.", "roman": "{titles} badal diya.", "ur": "{titles} بدل دیا۔"},
    "rescheduled": {
        "en": "Rescheduled {titles}.",
        "roman": "{titles} ki tareekh badal di.",
        "ur": "{titles} کی تاریخ بدل دی۔",
    },
    "deleted": {"en": "Deleted {titles}.", "roman": "{titles} delete kar diya.", "ur": "{titles} حذف کر دیا۔"},
    "undone": {"en": "Undone: {titles}.", "roman": "Wapas kar diya: {titles}.", "ur": "واپس کر دیا: {titles}۔"},
    "planned": {
        "en": "{summary} Please confirm.",
        "roman": "{summary} Kya main ye kar doon? (haan / nahi)",
        "ur": "{summary} کیا میں یہ کر دوں؟ (ہاں / نہیں)",
    },
    "empty": {
        "en": "There are no {what}tasks.",
        "roman": "Koi {what}kaam nahi.",
        "ur": "کوئی کام نہیں۔",
    },
    "listed": {"en": "You have {count} {what}{noun}:", "roman": "{count} {what}kaam:", "ur": "{count} کام:"},
    "more": {"en": "… and {count} more.", "roman": "… aur {count}.", "ur": "… اور {count}۔"},
    "summary": {
        "en": "{open} open, {done} done, {overdue} overdue, {due_today} due today.",
        "roman": "{open} baqi, {done} mukammal, {overdue} late, {due_today} aaj.",
        "ur": "{open} باقی، {done} مکمل، {overdue} دیر سے، {due_today} آج۔",
    },
    "most_urgent": {"en": "Most urgent:", "roman": "Sab se zaroori:", "ur": "سب سے ضروری:"},
    "ambiguous": {
        "en": "More than one task matches “{reference}”. Which one?",
        "roman": "“{reference}” se ek se zyada kaam milte hain. Kaun sa?",
        "ur": "“{reference}” سے ایک سے زیادہ کام ملتے ہیں۔ کون سا؟",
    },
    "not_found": {
        "en": "No task matches “{reference}”.",
        "roman": "“{reference}” jaisa koi kaam nahi mila.",
        "ur": "“{reference}” جیسا کوئی کام نہیں ملا۔",
    },
}


def say(phrase: str, language: str, **values: object) -> str:
    """A phrase in this language, English where it has none."""
    texts = PHRASES[phrase]
    return (texts.get(language) or texts["en"]).format(**values)
