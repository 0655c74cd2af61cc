"""Citizen numbers, credit codes and certificate numbers: their checks and check digits."""

import functools
import re
from datetime import date

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

# Full-width digits and X (全角) as some spreadsheets write them, and the lower-case x.
RIGHTED = str.maketrans("０１２３４５６７８９Ｘｘx", "0123456789XXX")

SKILL_LEVEL_NUMBER = re.compile(r"[YS]\d{4}\d{2}\d{6}(?P<year>\d{2})(?P<level>[1-5])\d{6}",
                                re.ASCII)
QUALIFICATION_NUMBER = re.compile(r"(?P<year>\d{2})\d{2}\d{2}\d\d{3}(?P<level>[1-5])\d{5}",
                                  re.ASCII)
NUMBER_FORMS = {"skill_level": SKILL_LEVEL_NUMBER, "qualification": QUALIFICATION_NUMBER}


def righted(number):
    """The id number with full-width digits and a lower-case x put right."""
    return number.strip().translate(RIGHTED)


def citizen_check(first17):
    total = sum(int(digit) * weight for digit, weight in zip(first17, CITIZEN_WEIGHTS))
    return "10X98765432"[total % 11]


@functools.cache
def citizen_fault(number):
    """Why a citizen number (公民身份号码, GB 11643) is wrong, or None."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "unreadable"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "no_such_date"
    return None if citizen_check(number[:17]) == number[17] else "wrong_check"


def credit_check(first17):
    total = sum(CREDIT_ALPHABET.index(sign) * pow(3, place, 31)
                for place, sign in enumerate(first17))
    return CREDIT_ALPHABET[-total % 31]


@functools.cache
def credit_fault(code):
    """Why a unified social credit code (统一社会信用代码, GB 32100) is wrong, or None."""
    if len(code) != 18 or any(sign not in CREDIT_ALPHABET for sign in code):
        return "unreadable"
    return None if credit_check(code[:17]) == code[17] else "wrong_check"


def organisation_check(first8):
    """The check of an organisation code (组织机构代码, GB 11714); letters count from A = 10."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(first8, ORGANISATION_WEIGHTS))
    return "0X987654321"[total % 11]


def number_fault(kind, number, level, issued):
    """Why a certificate number does not fit its kind, level and date, or None."""
    form = NUMBER_FORMS.get(kind)
    if form is None:
        return None
    parts = form.fullmatch(number)
    if parts is None:
        return "number_form"
    if int(parts["level"]) != level:
        return "number_level"
    return None if int(parts["year"]) == issued.year % 100 else "number_year"
