"""The 117 clients of paper 001 (Issara Institute with A. Lisborg, 2017), as far as the paper tells of them.

Its percentages give the count of 4s for each need; where two counts round to the same percentage, the lower is taken
but for medical_basic, life_skills and protection_individuals. Who gave which 4s together is invented: any that fits.
"""

from __future__ import annotations

import random
from typing import Final

from conversations.instruments import NEEDS

CLIENTS: Final = 117
PERCENT: Final = {
    "employment": 54,
    "money_expenses": 47,
    "debt": 31,
    "integration_planning": 18,
    "culture_religion": 3,
    "legal_proceedings": 50,
    "id_documents": 49,
    "compensation": 37,
    "legal_information": 29,
    "family_communication": 35,
    "housing": 31,
    "food": 28,
    "safety_destination": 23,
    "protection_individuals": 21,
    "family_safety": 14,
    "medical_basic": 21,
    "medical_serious": 17,
    "psychological": 8,
    "life_skills": 15,
    "vocational": 12,
    "child_school": 10,
}
"""As the paper prints them, in its order."""

FIRST: Final = {
    "employment": 63,
    "money_expenses": 55,
    "debt": 36,
    "integration_planning": 21,
    "culture_religion": 3,
    "legal_proceedings": 58,
    "id_documents": 57,
    "compensation": 43,
    "legal_information": 34,
    "family_communication": 41,
    "housing": 36,
    "food": 33,
    "safety_destination": 27,
    "protection_individuals": 25,
    "family_safety": 16,
    "medical_basic": 25,
    "medical_serious": 20,
    "psychological": 9,
    "life_skills": 18,
    "vocational": 14,
    "child_school": 12,
}
"""Clients who gave a 4; legal_proceedings is in the paper's text."""

CATEGORIES: Final = {"economic": 88, "legal": 84, "basic": 62, "safety": 38, "health": 36, "education": 32}
"""Clients with at least one 4: 75 % and 72 % in the paper, for the others any count that fits what it says."""

TOP: Final = (
    *("employment", "legal_proceedings", "id_documents", "money_expenses", "compensation", "family_communication"),
    *("debt", "housing", "legal_information", "food"),
)
"""The paper's ten, most often first; debt and housing are equal, and stand in the order of the questions."""


def invent(seed: int = 2) -> list[frozenset[str]]:
    """For each of the 117 clients the needs that they gave a 4: every count above holds exactly."""
    dice = random.Random(seed)
    given: list[set[str]] = [set() for _ in range(CLIENTS)]
    for category, size in CATEGORIES.items():
        members = dice.sample(range(CLIENTS), size)
        turn = 0
        for item in NEEDS.items:
            if item.category == category:
                for place in range(turn, turn + FIRST[item.code]):
                    given[members[place % size]].add(item.code)
                turn += FIRST[item.code]
    return [frozenset(needs) for needs in given]
