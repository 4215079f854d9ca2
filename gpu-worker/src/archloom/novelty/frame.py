"""The contract frame: the text every network carries whatever its architecture.

Small networks are about half frame, so a similarity that counts it mostly says "both fulfil the contract".
The shingles of these texts are subtracted on both sides before two programs are compared. The pieces are also
what the starter grammar writes around an architecture, so a corpus program's frame is exactly this frame.

Guarantee: the shingles of FRAMES depend on nothing but this file. Changing a text here changes every novelty
verdict and the starter corpus, and with it the corpus hash on the starter's model card.
"""

from typing import Final

IMPORTS: Final = """\
import torch
import torch.nn as nn
"""

CLASS_HEAD: Final = """\
class Net(nn.Module):
    def __init__(self, in_shape, out_shape, prm, device):
        super().__init__()
        self.device = device
"""

TRAINING: Final = """\
    def train_setup(self, prm):
        self.to(self.device)
        self.criterion = nn.CrossEntropyLoss().to(self.device)
        self.optimizer = torch.optim.SGD(self.parameters(), lr=prm['lr'], momentum=prm['momentum'])

    def learn(self, train_data):
        self.train()
        for inputs, labels in train_data:
            inputs, labels = inputs.to(self.device), labels.to(self.device)
            self.optimizer.zero_grad()
            loss = self.criterion(self(inputs), labels)
            loss.backward()
            nn.utils.clip_grad_norm_(self.parameters(), 3)
            self.optimizer.step()
"""

HYPERPARAMETERS: Final = """\
def supported_hyperparameters():
    return {'lr', 'momentum', 'dropout', 'batch'}
"""

FORWARD_HEAD: Final = """\
    def forward(self, x):
"""

RETURN_HEAD: Final = """\
        return self.head(x)
"""

STARTER_FRAME: Final = (
    IMPORTS
    + "\n\n"
    + CLASS_HEAD
    + "\n"
    + FORWARD_HEAD
    + RETURN_HEAD
    + "\n"
    + TRAINING
    + "\n\n"
    + HYPERPARAMETERS
)

# The same contract as networks of the LEMUR data set usually spell it: annotated signatures, the criterion in
# a tuple, hyper-parameters `lr` and `momentum` only.
LEMUR_FRAME: Final = """\
import torch
import torch.nn as nn


def supported_hyperparameters():
    return {'lr', 'momentum'}


class Net(nn.Module):
    def __init__(self, in_shape: tuple, out_shape: tuple, prm: dict, device: torch.device) -> None:
        super().__init__()
        self.device = device

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def train_setup(self, prm: dict) -> None:
        self.to(self.device)
        self.criteria = (nn.CrossEntropyLoss().to(self.device),)
        self.optimizer = torch.optim.SGD(self.parameters(), lr=prm['lr'], momentum=prm['momentum'])

    def learn(self, train_data) -> None:
        self.train()
        for inputs, labels in train_data:
            inputs, labels = inputs.to(self.device), labels.to(self.device)
            self.optimizer.zero_grad()
            outputs = self(inputs)
            loss = self.criteria[0](outputs, labels)
            loss.backward()
            nn.utils.clip_grad_norm_(self.parameters(), 3)
            self.optimizer.step()
"""

FRAMES: Final = (STARTER_FRAME, LEMUR_FRAME)
