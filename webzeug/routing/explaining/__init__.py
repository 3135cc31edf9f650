"""Why a request leads where it does: ``explain`` asks a table, and says the reasons."""

from webzeug.routing.explaining.dependence import variables_of
from webzeug.routing.explaining.explanation import NEAREST, explain
from webzeug.routing.explaining.faults import Fault, Reason
from webzeug.routing.explaining.near_misses import NearMiss
from webzeug.routing.explaining.questions import Question, question_of_environ, question_of_url
from webzeug.routing.explaining.steps import Explanation, Known, Outcome, Step

__all__ = [
    "NEAREST",
    "Explanation",
    "Fault",
    "Known",
    "NearMiss",
    "Outcome",
    "Question",
    "Reason",
    "Step",
    "explain",
    "question_of_environ",
    "question_of_url",
    "variables_of",
]
