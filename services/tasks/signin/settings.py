"""What signing in is told from outside."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from shared.settings import Settings, web_address


class SignInSettings(Settings):
    """By which ways people sign in. `oidc_issuer` names an OpenID provider; without one, links are the only way."""

    oidc_issuer: Annotated[str, AfterValidator(lambda given: web_address(given) if given else given)] = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_person_claim: Annotated[str, Field(min_length=1)] = "preferred_username"
    """The claim of the provider that holds the person's id in the directory."""
    oidc_scope: str = "openid profile"
    signin_links: bool = True
    """Whether people may ask for links by mail. Those that the command line prints work in any case."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("KETLUAN_OIDC_ISSUER needs KETLUAN_OIDC_CLIENT_ID")
        return self
