"""All talks of the demo by name."""

from crm.demo.talks_late import TALKS_LATE
from crm.demo.talks_new import TALKS_NEW
from crm.demo.talks_served import TALKS_SERVED

TALKS = TALKS_NEW | TALKS_SERVED | TALKS_LATE
