"""What a night leaves for an auditor: a pack of what was checked, in a signed chain, and the means to verify it offline.

Belongs here: packing, chaining, signing, verifying. Does not belong here: any check (padan.quality), the report's text.
"""

from padan.evidence.night import Sealed, seal_night, sign_open
from padan.evidence.verify import Misfit, verify_reports

__all__ = ["Misfit", "Sealed", "seal_night", "sign_open", "verify_reports"]
