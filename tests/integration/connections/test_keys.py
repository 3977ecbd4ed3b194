"""The key on the local AWS, where functions really ask it: it minds the context as KMS does."""

from collections.abc import Iterator

import pytest

from huntaze.connections.vault import Vault
from huntaze.ids import new_id
from huntaze.platforms.model import Credentials
from huntaze.runtime.keys import Keys, NotUnderThisKey
from local.local_aws import LocalAws, client


@pytest.fixture(scope="module")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with LocalAws(tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture
def vault(local_aws: LocalAws) -> Vault:
    kms = client("kms", local_aws.endpoint)
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    return Vault(Keys(lambda: arn, lambda: kms))


def test_credentials_open_in_their_own_row_alone(vault: Vault) -> None:
    credentials = Credentials("the-token", "whsec_c2VjcmV0")
    workspace_id, connection_id = new_id(), new_id()
    sealed = vault.seal(workspace_id, connection_id, credentials)
    assert b"the-token" not in sealed
    for row in ((workspace_id, new_id()), (new_id(), connection_id), (connection_id, workspace_id)):
        with pytest.raises(NotUnderThisKey):
            vault.unseal(*row, sealed)
    assert vault.unseal(workspace_id, connection_id, sealed) == credentials


def test_damaged_credentials_open_nowhere(vault: Vault) -> None:
    workspace_id, connection_id = new_id(), new_id()
    sealed = bytearray(vault.seal(workspace_id, connection_id, Credentials("the-token", "whsec_c2VjcmV0")))
    sealed[40] ^= 1
    with pytest.raises(NotUnderThisKey):
        vault.unseal(workspace_id, connection_id, bytes(sealed))
