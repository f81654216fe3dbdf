"""Roman Urdu: which act a sentence asks for. The verb stands at the end, so `rest` stands before it."""

# ruff: noqa: E501 - a pattern is read on one line
from __future__ import annotations

DO = r"(?:kar\s?do|kar\s?dein|kar\s?den|karo|karein|karen|kar\s?lo|kar\s?dijiye|kijiye|karna|kar\s?dena|kr\s?do|kro)"
GIVE = r"(?:do|dein|den|dena|dijiye)"
GO = r"(?:ka?r\s?(?:do|dein|den|dijiye)|karo|karein|karen|kro|kijiye)"
YES = r"(?:haa?n|jee|ji|theek(?:\s+hai)?|thik(?:\s+hai)?|bilkul|zaroor)"
NO = r"(?:(?:ji\s+|abhi\s+)?(?:nahi|nahin|nahe+n|nai|na)|rehne\s+(?:do|dein|den)|(?:mat|na)\s+(?:karo|karein|karen|karna)|ch+h?or\s+(?:do|dein))"
TASKS = r"(?:(?:mere|mera|meri|tamam|saare|sare|sab)\s+)*(?:kaam|kam|tasks?|list|fehrist)"
DATE = r"(?P<value>(?:agle\s+\w+|kal|aaj|parso|parson|\d+\s+\w+\s+baad|\w+)(?:\s+(?:subah|shaam|raat|dopahar))?(?:\s+\d+\s+baje)?)"

ROWS = (
    ("yes", "", rf"{YES}(?:[\s,]+{YES})*(?:[\s,]+{GO})?|{GO}"),
    ("no", "", rf"{NO}(?:[\s,]+{NO})*"),
    ("greet", "", r"(?:salam|salaam|assalam[\s-]?[ou]?[\s-]?alaikum|adaab)"),
    ("thank", "", r"(?:shukriya|bohat\s+shukriya|meherbani)"),
    ("help", "", r"(?:madad(?:\s+karo|\s+chahiye)?|(?:tum|aap)\s+kya\s+kar\s+sak(?:te|ti)\s+(?:ho|hain))"),
    (
        "undo",
        "",
        rf"(?:(?:ye|yeh|isay|ise|usay|use|akhri\s+(?:kaam|tabdeeli))\s+)?(?:wapas|wapis|undo)\s+(?:{DO}|le\s+lo|lo)",
    ),
    ("summarise", "", r"(?:khulasa(?:\s+.*)?|kitne\s+(?:kaam|kam|tasks?)\s+.*)"),
    (
        "list",
        "",
        rf"(?P<rest>(?:.*\s)?{TASKS}(?:\s+.*)?)\s+(?:dikhao|dikha\s+do|dikhayein|dikhaein|batao|bata\s+do|list\s+{DO})",
    ),
    ("list", "", r"(?P<rest>(?:.*\s)?(?:kya\s+kya|kya|konse?|kaun\s?se?|kon\s+se)\s+.*)"),
    ("list", "", rf"(?P<rest>{TASKS}\s+(?:dikhao|kya\s+hain?))"),
    ("list", "", rf"(?P<rest>(?:aaj|kal|parson?|is\s+hafte|agle\s+hafte)\s+k[aei]\s+{TASKS})"),
    ("reopen", "", rf"(?P<rest>.+?)\s+(?:ko\s+)?(?:dobara|wapas|phir\s+se)\s+(?:khol(?:o|ein|\s+do)|shuru\s+{DO})"),
    ("update", "rename", rf"(?P<rest>.+?)\s+ka\s+naam\s+(?P<value>.+?)\s+(?:{DO}|rakh(?:o|\s+do|ein))"),
    (
        "update",
        "priority",
        rf"(?P<rest>.+?)\s+(?:ki\s+)?(?:priority|tarjeeh|ahmiyat)\s+(?P<value>high|medium|low|none)\s+{DO}",
    ),
    ("update", "priority", rf"(?P<rest>.+?)\s+ko\s+(?P<value>zaroori|urgent)\s+{DO}"),
    (
        "reschedule",
        "",
        rf"(?P<rest>.+?)\s+ko\s+{DATE}\s+(?:tak|par|pe|ke\s+liye|ko)\s+(?:multavi\s+|multawi\s+|postpone\s+|shift\s+|move\s+|aagay\s+|agay\s+)?(?:{DO}|rakh(?:o|\s+do|ein|na)|le\s+jao)",
    ),
    (
        "complete",
        "",
        rf"(?P<rest>.+?)\s+(?:ko\s+)?(?:mukammal|mukamal|poora|pura|khatam|done|complete)\s+(?:{DO}|ho\s?ga(?:ya|yi|ye)|mark\s+{DO}|kar\s+li(?:ya|a))(?:\s+hai)?",
    ),
    ("complete", "", r"(?P<rest>.+?)\s+(?:ho\s?gaya|ho\s?gayi|ho\s?gya|kar\s+liya|karliya|kar\s+li)(?:\s+hai)?"),
    (
        "complete",
        "",
        r"(?P<rest>.+?)(?<!delete)(?<!remove)\s+(?:(?:kar(?:wa)?|de)\s+di(?:ya|ye)?|le\s+aa?y[aie]|khareed\s+li(?:ya|ye)?)(?:\s+hai)?",
    ),
    ("delete", "", rf"(?P<rest>.+?)\s+(?:ko\s+)?(?:delete|remove|cancel|khatm)\s+{DO}"),
    ("delete", "", rf"(?P<rest>.+?)\s+(?:ko\s+)?(?:(?:hata|mita|nikaal|nikal)\s+{GIVE}|hatao|hataein|mitao|nikalo)"),
    (
        "add",
        "",
        r"(?:mujhe\s+)?(?P<rest>.+?)\s+(?:ka\s+|ki\s+)?(?:yaad|yad)\s+(?:dila(?:o|na|\s+do|\s+dena|ein|yein)|rakhna|karwana)",
    ),
    (
        "add",
        "",
        rf"(?:(?:list|fehrist)\s+(?:mein|main|me)\s+)?(?P<rest>.+?)\s+(?:(?:list|fehrist)\s+(?:mein|main|me)\s+)?(?:shamil|add|note|darj|daal)\s+(?:{DO}|{GIVE})",
    ),
    ("add", "", r"(?P<rest>.+?)\s+(?:likh\s+(?:lo|do|lein)|likho|daalo|dalo)"),
    ("add", "", r"(?:naya|aik\s+naya|ek\s+naya)\s+(?:kaam|kam|task)\s*:?\s+(?P<rest>.+)"),
    ("add", "", r"mujhe\s+(?P<rest>.+?(?:na|ni|ne))\s+(?:hai|hain|hoga)"),
)
