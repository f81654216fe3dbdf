"""English: which act a sentence asks for. Rows are (act, form, pattern); the first that matches it all wins."""

from __future__ import annotations

ITEM = r"(?:tasks?|to-?dos?|items?|reminders?|entry|entries|thing)"
LISTS = r"(?:(?:to|on|in|into|onto|from|off)\s+(?:my|the|our)\s+(?:to-?do\s+|task\s+)?(?:lists?|tasks|to-?dos?))"
DONE = r"(?:done|complete|completed|finished|checked(?:\s+off)?|ticked(?:\s+off)?)"
NOT_DONE = (
    r"(?:not\s+(?:done|complete|completed|finished)|undone|incomplete|uncompleted|unfinished|open|pending|to-?do|active)"
    r"(?:\s+(?:again|yet))?"
)
DID = r"(?:bought|got|paid|called|sent|booked|ordered|returned|cleaned|washed|picked\s+up|fixed|mailed)"
LEVEL = r"(?P<value>urgent|critical|highest|high|medium|normal|lowest|low|top|none|no)"
NAME = r"(?:name|title|text|description)"
QUESTION = (
    r"(?!what|which|show|list|how|who|when|why|where|is\b|are\b|has\b|have\b|do\b|does\b|did\b|can\b|could\b|"
    r"should\b|will\b|would\b)"
)
# "I did well today" reports a mood and "all done" a state; neither is about one task.
NO_TASK = (
    r"(?!i\b|we\b|you\b|he\b|she\b|they\b|anyone|anybody|today|this\s+(?:week|month)|last|yesterday|so\s+far|for\s+now|"
    r"well\b|it\s+all\b)"
)

SMALL_TALK = (
    (
        "yes",
        "",
        r"(?:y|yes|yep|yeah|yup|sure|ok(?:ay)?|do\s+it|go\s+ahead|confirm(?:ed)?|(?:yes|ok|sure),?\s+(?:please|do\s+(?:it|that)|go\s+ahead|confirm|delete\s+(?:it|them)))",
    ),
    (
        "no",
        "",
        r"(?:n|no|nope|nah|cancel(?:\s+(?:it|that))?|stop|don'?t(?:\s+do\s+(?:it|that))?|never\s?mind|no,?\s+(?:thanks|thank\s+you|don'?t|cancel|stop|keep\s+(?:it|them)))",
    ),
    ("greet", "", r"(?:hi|hello|hey|howdy|yo|good\s+(?:morning|afternoon|evening|day))(?:\s+(?:there|bot|everyone))?"),
    (
        "thank",
        "",
        r"(?:thanks|thank\s+you|thx|ty|great|nice|perfect|cool|awesome|good\s+job|well\s+done)(?:\s+(?:a\s+lot|so\s+much|very\s+much|bot))?",
    ),
    (
        "help",
        "",
        r"(?:help(?:\s+me)?|\?|commands?|what\s+(?:can|could)\s+(?:you|i)\s+(?:do|say|ask).*|how\s+(?:does\s+this|do\s+(?:you|i))\s+(?:work|use\s+(?:this|it|you)).*|(?:what|who)\s+are\s+you)",
    ),
    (
        "undo",
        "",
        r"(?:(?:undo|revert|take\s+back|roll\s?back)(?:\s+(?:that|it|this|(?:the|my)\s+last\s+(?:one|change|action|thing|step)|last\s+(?:change|action)|(?:the|that|my)\s+(?:delet(?:e|ion)|change|edit)|what\s+you\s+(?:just\s+)?did))?|take\s+(?:that|it)\s+back)",
    ),
    (
        "summarise",
        "",
        r"(?:summar(?:y|ise|ize)(?:\s+.*)?|(?:give\s+me\s+|show\s+(?:me\s+)?)?(?:an?\s+|the\s+|my\s+)?(?:overview|summary|stats|statistics|status|recap|progress)(?:\s+of\s+.*)?|how\s+(?:am\s+i|are\s+(?:we|things))\s+(?:doing|going).*|how\s+many\s+.*|how\s+much\s+.*|plan\s+my\s+day|what'?s\s+my\s+(?:status|progress).*)",
    ),
)

UPDATE = (
    (
        "update",
        "untag",
        r"(?:remove|delete|drop|take)\s+(?:off\s+)?(?:the\s+)?(?:tags?\s+#?|#)(?P<value>[\w/+-]+)(?:\s+tag)?\s+(?:from|off)\s+(?P<rest>.+)",
    ),
    ("update", "untag", r"(?:remove|delete)\s+(?:the\s+)?(?P<value>[\w/+-]+)\s+tag\s+(?:from|off)\s+(?P<rest>.+)"),
    ("update", "untag", r"untag\s+(?P<rest>.+?)\s+(?:from\s+)?#?(?P<value>[\w/+-]+)"),
    (
        "update",
        "tag",
        r"(?:add|put)\s+(?:the\s+)?(?:tags?\s+#?|#)(?P<value>[\w/+-]+)(?:\s+tag)?\s+(?:to|on)\s+(?P<rest>.+)",
    ),
    ("update", "tag", r"(?:tag|label)\s+(?P<rest>.+?)\s+(?:with|as|by)\s+#?(?P<value>[\w/+-]+)"),
    ("update", "tag", r"(?:tag|label)\s+(?P<rest>.+?)\s+#(?P<value>[\w/+-]+)"),
    (
        "reschedule",
        "clear",
        r"(?:remove|clear|delete|drop|unset)\s+(?:the\s+)?(?:due\s+dates?|deadlines?|dates?|schedule)\s+(?:from|of|on|for)\s+(?P<rest>.+)",
    ),
    (
        "update",
        "priority",
        rf"(?:set|change|make|raise|lower|update|put)\s+(?:the\s+)?priority\s+(?:of|on|for)\s+(?P<rest>.+?)\s+(?:to|as|=)\s+{LEVEL}(?:\s+priority)?",
    ),
    (
        "update",
        "priority",
        rf"(?:set|make|change|mark|give|update)\s+(?P<rest>.+?)(?:\s+(?:to|as|be|a|an|is))*\s+{LEVEL}\s+priority",
    ),
    (
        "update",
        "priority",
        r"(?P<value>raise|increase|lower|reduce)\s+(?:the\s+)?priority\s+(?:of|on|for)\s+(?P<rest>.+)",
    ),
    ("update", "priority", rf"(?:set|put)\s+(?:the\s+)?priority\s+(?:to\s+)?{LEVEL}\s+(?:of|on|for)\s+(?P<rest>.+)"),
    ("update", "priority", r"prioriti[sz]e\s+(?P<rest>.+)"),
    ("update", "priority", rf"(?:set|make|change|mark)\s+(?P<rest>.+?)(?:['’]s)?\s+priority\s+(?:to|as|=)?\s*{LEVEL}"),
    (
        "update",
        "priority",
        r"(?:make|mark|set|flag)\s+(?P<rest>.+?)(?:\s+(?:to|as|be))*\s+(?P<value>urgent|important|critical)",
    ),
    (
        "update",
        "priority",
        rf"(?P<rest>{QUESTION}.+?)\s+(?:is|are)\s+(?:now\s+)?(?:{LEVEL}\s+priority|(?P<value2>urgent|critical|important))",
    ),
    (
        "update",
        "note",
        r"(?:add|attach|put|write)\s+(?:an?\s+|the\s+)?(?:notes?|comments?|details?)\s+(?:to|on|for)\s+(?P<rest>.+?)\s*(?::|saying|that\s+says|that)\s*(?P<value>.+)",
    ),
    ("update", "note", r"(?:notes?|comment)\s+(?:on|for)\s+(?P<rest>.+?)\s*:\s*(?P<value>.+)"),
    (
        "update",
        "note",
        r"(?:add|attach|put|write)\s+(?:an?\s+|the\s+)?(?:notes?|comments?)\s+(?P<value>[\"“'].+[\"”'])\s+(?:to|on|for)\s+(?P<rest>.+)",
    ),
    (
        "update",
        "note",
        r"(?:change|set|update)\s+(?:the\s+)?(?:notes?|details?)\s+(?:of|on|for)\s+(?P<rest>.+?)\s+(?:to|as)\s+(?P<value>.+)",
    ),
    (
        "reschedule",
        "",
        r"(?:set|change|move|update|push|make)\s+(?:the\s+)?(?:due(?:\s+date)?|deadline|date|time)\s+(?:of|for|on)\s+(?P<rest>.+?)\s+(?:to|for|as|until)\s+(?P<value>.+)",
    ),
    (
        "reschedule",
        "",
        r"(?:set|put|add)\s+an?\s+(?:due\s+date|deadline)\s+(?:of|on)\s+(?P<value>.+?)\s+(?:for|on|to)\s+(?P<rest>.+)",
    ),
    ("reschedule", "", r"repeat\s+(?P<rest>.+?)\s+(?P<value>(?:every|each|daily|weekly|monthly|yearly)\b.*)"),
    (
        "reschedule",
        "",
        r"(?:make|set)\s+(?P<rest>.+?)\s+(?:to\s+)?(?P<value>due\s+.+|(?:every|each|daily|weekly|monthly).*|repeat\s+.+)",
    ),
    (
        "update",
        "rename",
        rf"(?:change|rename|edit|update|set)\s+(?:the\s+)?{NAME}\s+(?:of|for|on)\s+(?P<rest>.+?)\s+(?:to|as|into)\s+(?P<value>.+)",
    ),
    ("update", "rename", r"(?:rename|retitle)\s+(?P<rest>.+?)\s+(?:to|as|into)\s+(?P<value>.+)"),
    (
        "update",
        "change",
        r"(?:change|edit|update|modify|alter|turn|replace)\s+(?P<rest>.+?)\s+(?:to\s+say|to\s+be|to|into|with|so\s+it\s+says)\s+(?P<value>.+)",
    ),
    ("update", "change", r"(?:change|edit|update|modify)\s+(?P<rest>.+?)\s*(?::|->|=>|→)\s*(?P<value>.+)"),
    (
        "reschedule",
        "shift",
        r"(?:postpone|push(?:\s+back)?|delay|defer|shift|snooze|move|reschedule|bump)\s+(?P<rest>.+?)\s+(?:back\s+|forward\s+|out\s+|on\s+)?(?:by|for)\s+(?P<value>(?:an?|one|two|three|four|five|six|seven|\d+)\s+(?:minute|hour|day|week|month|year)s?)",
    ),
    (
        "reschedule",
        "",
        r"(?:reschedule|move|postpone|push(?:\s+back)?|delay|defer|shift|snooze|bump|set|put\s+off)\s+(?P<rest>.+?)\s+(?P<value>(?:to|until|till|for|by|on|at)\s+.+)",
    ),
    (
        "reschedule",
        "",
        r"(?:reschedule|move|postpone|push(?:\s+back)?|delay|defer|shift|snooze|bump)\s+(?P<rest>.+?)\s+(?P<value>(?:tomorrow|today|tonight|next\s+\w+|this\s+\w+|in\s+.+|(?:mon|tues|wednes|thurs|fri|satur|sun)day.*))",
    ),
    ("reschedule", "", rf"(?P<rest>{QUESTION}.+?)\s+(?:is|are)\s+(?P<value>due\s+.+)"),
    ("reschedule", "day", r"(?:postpone|delay|defer|snooze|put\s+off)\s+(?P<rest>.+)"),
)

ACTS = (
    (
        "reopen",
        "",
        rf"(?:re-?open|un-?complete|un-?check|un-?mark|un-?tick|un-?finish|re-?activate)\s+(?P<rest>.+?)(?:\s+(?:as\s+)?{DONE})?",
    ),
    (
        "reopen",
        "",
        rf"(?:mark|set|make|change|put|move)\s+(?P<rest>.+?)\s+(?:back\s+)?(?:as\s+|to\s+be\s+|to\s+|back\s+to\s+)?{NOT_DONE}",
    ),
    (
        "reopen",
        "",
        rf"(?P<rest>{QUESTION}.+?)\s+(?:(?:is|are)\s+(?:still\s+|actually\s+)?{NOT_DONE}|(?:isn'?t|aren'?t)\s+(?:actually\s+)?{DONE}(?:\s+yet)?)",
    ),
    (
        "reopen",
        "",
        r"i\s+(?:did\s+not|didn'?t|have\s+not|haven'?t)\s+(?:actually\s+|really\s+)?(?:finish(?:ed)?|completed?|do|done)\s+(?P<rest>.+?)(?:\s+yet)?",
    ),
    (
        "complete",
        "",
        rf"(?:mark|set|check|tick|flag|cross|move|change|make|put)\s+(?:off\s+)?(?P<rest>.+?)\s+(?:as\s+|to\s+|off\s+as\s+)?(?:{DONE}|off)",
    ),
    ("complete", "", r"(?:done|finished)\s*:\s*(?P<rest>.+)"),
    (
        "complete",
        "",
        rf"i(?:'ve|\s+have)?\s+(?:just\s+|already\s+)?{DID}\s+(?P<rest>.+)",
    ),
    # Without "I" only what cannot begin a title: "paid leave", "sent items".
    ("complete", "", rf"(?:just\s+|already\s+)?{DID}\s+(?P<rest>(?:the|my|some|that|those)\s+.+)"),
    ("complete", "", r"(?:just\s+|already\s+)?(?:bought|got|picked\s+up)\s+(?P<rest>.+)"),
    ("complete", "", r"mark\s+(?:off\s+|(?:as\s+)?(?:done|complete|completed|finished)\s*:?\s+)(?P<rest>.+)"),
    ("complete", "", r"(?:complete|finish|check\s+off|tick\s+off|cross\s+(?:off|out)|close|tick)\s+(?P<rest>.+)"),
    (
        "complete",
        "",
        rf"(?:i(?:'ve|\s+have|'m|\s+am)?\s+)?(?:just\s+|already\s+|now\s+)?(?:finished|completed|done|did)\s+(?:with\s+)?(?P<rest>{NO_TASK}.+)",
    ),
    (
        "complete",
        "",
        rf"(?P<rest>{QUESTION}.+?)\s+(?:is|are|has\s+been|have\s+been|was|were)\s+(?:now\s+|all\s+|already\s+)?{DONE}(?:\s+now)?",
    ),
    (
        "complete",
        "",
        rf"(?P<rest>{QUESTION}(?!all\b|my\b|everything|tasks?\b|anything|(?:delete|remove|erase|clear|trash)\b).+?)\s+(?:done|finished|completed)",
    ),
    (
        "delete",
        "",
        rf"(?:delete|remove|erase|discard|drop|trash|get\s+rid\s+of|throw\s+(?:away|out)|clear(?:\s+(?:out|off))?|clean\s+(?:up|out)|wipe|bin|cancel|purge|scrap)\s+(?P<rest>.+?)(?:\s+{LISTS})?",
    ),
)

# First person first: "I need to remember to mark exams" is a new task, whatever verbs follow.
MEMORY = (
    (
        "add",
        "",
        r"(?:remind\s+me|i\s+need\s+(?:a\s+reminder|you\s+to\s+remind\s+me)|set\s+a\s+reminder|don'?t\s+let\s+me\s+forget|make\s+sure\s+i\s+(?:don'?t\s+forget|remember)|help\s+me\s+remember)\s+(?:to\s+|about\s+|that\s+i\s+(?:need|have)\s+to\s+|of\s+)?(?P<rest>.+)",
    ),
    (
        "add",
        "",
        r"(?:i\s+(?:need|have|want|must|should|ought|gotta|got)\s+(?:to\s+)?remember|i\s+(?:must|should)n'?t\s+forget|i\s+can'?t\s+forget|(?:i\s+(?:do\s+not|don'?t)\s+want\s+to|don'?t)\s+forget|remember)\s+(?:to\s+|about\s+|that\s+i\s+(?:need|have)\s+to\s+)?(?P<rest>.+)",
    ),
    (
        "add",
        "",
        r"(?:i\s+(?:need\s+to|have\s+to|must|should|gotta|(?:have|'ve)\s+got\s+to|got\s+to|ought\s+to|am\s+supposed\s+to)|i'?ve\s+got\s+to|i'm\s+supposed\s+to)\s+(?P<rest>.+)",
    ),
    (
        "add",
        "",
        r"(?:i|we)\s+need\s+(?:some\s+|more\s+)?(?P<rest>(?!(?:to|you|your|it|that|this|them|those|more|some|help|advice|time|an?\s+(?:break|hand|minute|moment|plan))\b).+)",
    ),
)

ADD = (
    (
        "add",
        "many",
        r"(?:add|create|make|new)\s+(?:these\s+|the\s+following\s+|some\s+|two\s+|three\s+|several\s+)?(?:new\s+)?(?:tasks|to-?dos|items|reminders)\s*(?::|for|to)?\s+(?P<rest>.+)",
    ),
    (
        "add",
        "",
        rf"(?:(?:add|create|insert|write\s+down|note(?:\s+down)?|jot\s+down|record|enter|new)\s+(?:(?:me|us)\s+)?(?:an?\s+|the\s+|another\s+|one\s+more\s+)?|(?:make|set|put|set\s+up)\s+(?:me\s+)?(?:an?\s+|another\s+|one\s+more\s+))(?:new\s+)?{ITEM}\s*(?::|,|-|called\s+|named\s+|titled\s+|saying\s+|that\s+says\s+|to\s+|for\s+|about\s+|of\s+|with\s+(?:the\s+)?title\s+|\s)\s*(?P<rest>.+?)(?:\s+{LISTS})?",
    ),
    (
        "add",
        "",
        rf"(?:add|create|put|insert|write\s+down|note(?:\s+down)?|jot\s+down|record|enter|new)\s*:?\s+(?P<rest>.+?)\s+(?:as\s+an?\s+(?:new\s+)?{ITEM}|{LISTS})(?P<after>\s+.+)?",
    ),
    (
        "add",
        "",
        r"(?:add|create|insert|write\s+down|note(?:\s+down)?|jot\s+down|record|schedule|new|todo)\s*:?\s+(?P<rest>.+)",
    ),
)

LIST = (
    ("list", "show", r"(?:show|list|display|view|see)\b\s*(?:me\s+|us\s+)?(?P<rest>.*)"),
    (
        "list",
        "show",
        r"(?:get|give|fetch|print|read|open|bring\s+up|pull\s+up)\s+(?:me\s+|us\s+)?(?P<rest>(?=.*\b(?:tasks?|to-?dos?|lists?|items)\b).*)",
    ),
    (
        "list",
        "find",
        r"(?:find|search(?:\s+for)?|look\s+(?:for|up)|where\s+is|where'?s|filter(?:\s+by)?)\s+(?P<rest>.+)",
    ),
    (
        "list",
        "find",
        r"(?:did|have)\s+(?:i|we)\s+(?:already\s+)?(?:pay|paid|finish(?:ed)?|completed?|do|done|buy|bought|call(?:ed)?|send|sent)\s+(?P<rest>(?:the|my|our)\s+.+?)(?:\s+(?:yet|already))?",
    ),
    ("list", "find", r"when(?:'s|\s+is)\s+(?P<rest>(?!it\b|that\b|this\b|my\s+next\b).+?)(?:\s+due)?"),
    ("list", "find", rf"(?:is|are)\s+(?P<rest>(?!there\b|it\b|they\b|all\b|everything\b|any).+?)\s+{DONE}(?:\s+yet)?"),
    (
        "list",
        "ask",
        r"(?P<rest>(?:what|which|whats|what's|anything|is\s+there|are\s+there|do\s+i|did\s+i|have\s+i|am\s+i|when)\b.*)",
    ),
    (
        "list",
        "ask",
        r"(?P<rest>(?:(?:all|my|the|open|pending|completed|done|finished|overdue|today'?s|todays|high|priority|urgent|remaining)\s+)*(?:tasks?|to-?dos?|list|agenda|schedule|pending|overdue|remaining|today|tomorrow|completed)(?:\s+(?:for|due|in|with|tagged|about|today|tomorrow|this|next|left|list)\b.*)?)",
    ),
)

MARKS = tuple(row for row in UPDATE if row[1] in ("tag", "untag", "note"))
CHANGES = tuple(row for row in UPDATE if row not in MARKS)
ROWS = (*SMALL_TALK, *MEMORY, *MARKS, *ADD, *CHANGES, *ACTS, *LIST)
