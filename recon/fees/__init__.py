"""Fee contracts as data: what a rule charges, and how a rule is learned where nobody stated it."""

from recon.fees.contract import Rule, charge, returned
from recon.fees.dating import LEAST_ROWS, holds
from recon.fees.learning import Fit, Learned, learn
from recon.fees.splitting import Split, learn_split

__all__ = ["LEAST_ROWS", "Fit", "Learned", "Rule", "Split", "charge", "holds", "learn", "learn_split", "returned"]
