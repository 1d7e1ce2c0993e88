from .achievement import Achievement, AchievementOrganization, Setting, Status, Tier
from .award import Award, AwardYear
from .change import Change, ChangeKind, ChangePart
from .coding import Aspect, Coding, EnglishPassage, Evidence, Passage, SettingEvidence, Weight
from .error_report import ErrorReport
from .image import AchievementImage
from .index import IndexEntry, IndexList, IndexState, Posting, StaffText
from .load import Load, LoadKind, LoadPart, LoadState
from .mechanism import Mechanism, MechanismField
from .organization import Organization, OrganizationKind
from .proposed_change import ProposalState, ProposedChange
from .publication import Address, Publication
from .region import Level, Region, Zone, Zone3
from .sign_in import WrongTries

__all__ = [
    "Achievement",
    "AchievementImage",
    "AchievementOrganization",
    "Address",
    "Aspect",
    "Award",
    "AwardYear",
    "Change",
    "ChangeKind",
    "ChangePart",
    "Coding",
    "EnglishPassage",
    "ErrorReport",
    "Evidence",
    "IndexEntry",
    "IndexList",
    "IndexState",
    "Level",
    "Load",
    "LoadKind",
    "LoadPart",
    "LoadState",
    "Mechanism",
    "MechanismField",
    "Organization",
    "OrganizationKind",
    "Passage",
    "Posting",
    "ProposalState",
    "ProposedChange",
    "Publication",
    "Region",
    "Setting",
    "SettingEvidence",
    "StaffText",
    "Status",
    "Tier",
    "Weight",
    "WrongTries",
    "Zone",
    "Zone3",
]
