"""All talks of the demo by name."""

from crm.demo.talks_contacted import TALKS_CONTACTED
from crm.demo.talks_late import TALKS_LATE
from crm.demo.talks_new import TALKS_NEW
from crm.demo.talks_qualified import TALKS_QUALIFIED

TALKS = TALKS_NEW | TALKS_CONTACTED | TALKS_QUALIFIED | TALKS_LATE
