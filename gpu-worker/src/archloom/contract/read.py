"""The border: what the database holds as JSON becomes a contract model, or an error that names the field."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class ContractViolation(Exception):
    """A stored value is not what the contract allows; the message names the field and what is wrong."""


def read(model: type[Model], value: object, what: str) -> Model:
    """`value` as a contract model. `what` names it in the error, e.g. "the configuration of R3"."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, at['loc'])) or 'the value'}: {at['msg']}" for at in error.errors()]
        raise ContractViolation(f"{what} does not fit the contract: {'; '.join(problems)}") from error
