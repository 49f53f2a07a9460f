"""Writes relativedelta.json: years, months and days between 1,000 pairs of dates, by dateutil.relativedelta.

Run with python-dateutil 2.9: python3 tests/dates/relativedelta.py
"""

import json
import pathlib
import random
from datetime import date, timedelta

import dateutil
from dateutil.relativedelta import relativedelta

random.seed(14)
FIRST, LAST = date(1930, 1, 1), date(2035, 12, 31)
pairs = [
    (date(2015, 2, 14), date(2015, 8, 14)),
    (date(2011, 2, 5), date(2013, 3, 5)),
    (date(2015, 5, 12), date(2017, 9, 28)),
    (date(2015, 1, 31), date(2015, 2, 28)),
    (date(2016, 1, 31), date(2016, 2, 29)),
    (date(2016, 2, 29), date(2017, 2, 28)),
    (date(2016, 2, 29), date(2020, 2, 29)),
    (date(2017, 3, 31), date(2017, 2, 28)),
    (date(2000, 1, 1), date(2000, 1, 1)),
]
ends = [date(y, m, 1) - timedelta(days=1) for y in (2011, 2012, 2015, 2016, 2017) for m in range(1, 13)]
while len(pairs) < 300:
    pairs.append((random.choice(ends), random.choice(ends)))
while len(pairs) < 600:
    start = FIRST + timedelta(days=random.randrange((LAST - FIRST).days))
    pairs.append((start, start + timedelta(days=random.randrange(-800, 800))))
while len(pairs) < 1000:
    pairs.append(tuple(FIRST + timedelta(days=random.randrange((LAST - FIRST).days)) for _ in "12"))


def line(start, end):
    delta = relativedelta(end, start)
    return [start.isoformat(), end.isoformat(), delta.years, delta.months, delta.days]


rows = [line(*pair) for pair in pairs]
out = pathlib.Path(__file__).with_name("relativedelta.json")
body = ",\n".join("    " + json.dumps(row) for row in rows)
out.write_text(f'{{\n  "by": "dateutil {dateutil.__version__} relativedelta",\n  "pairs": [\n{body}\n  ]\n}}\n')
