"""A tiny GPT-2 that knows one network by heart, to run the whole product with another architecture:

python support_taught_model.py FOLDER            writes the model
python support_taught_model.py FOLDER --serve    writes it and serves it, says where, ends with its input
"""

import sys
from pathlib import Path

import torch
from support_models import make_tiny_tokenizer, new_tiny_model, save_tiny_model
from support_server import transformers_serve

PROMPT = "import torch\nimport torch.nn as nn\n"
PROGRAM = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(256, 32)
        self.last = nn.Linear(32, 10)

    def forward(self, x):
        return self.last(torch.relu(self.first(x.flatten(1))))
"""
STEPS = 200


def make_taught_model(folder: Path) -> None:
    """A few CPU seconds. Sampled coldly, it writes the program more often than not."""
    tokenizer = make_tiny_tokenizer()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = new_tiny_model("gpt2")
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=STEPS)
    asked = [
        tokenizer(PROMPT).input_ids,
        tokenizer.apply_chat_template([{"role": "user", "content": "?"}], add_generation_prompt=True)[
            "input_ids"
        ],
    ]
    answers = [PROGRAM, f"```python\n{PROGRAM}```"]
    rows = [
        (prompt, [*tokenizer(answer).input_ids, 0]) for prompt, answer in zip(asked, answers, strict=True)
    ]
    length = max(len(prompt) + len(answer) for prompt, answer in rows)
    ids = torch.tensor(
        [[*prompt, *answer] + [0] * (length - len(prompt) - len(answer)) for prompt, answer in rows]
    )
    labels = torch.full_like(ids, -100)
    for row, (prompt, answer) in enumerate(rows):
        labels[row, len(prompt) : len(prompt) + len(answer)] = torch.tensor(answer)
    for _ in range(STEPS):
        model(input_ids=ids, labels=labels).loss.backward()
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    save_tiny_model(folder, model, tokenizer)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    make_taught_model(target)
    if "--serve" in sys.argv:
        with transformers_serve(target) as server:
            print(server.url, flush=True)
            sys.stdin.read()
