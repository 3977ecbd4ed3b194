"""Who may sign in: people whom somebody invited, by their email address."""

from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.acknowledge import acknowledge
from infra.constructs.removal import removal_policy
from infra.stage import Stage

PASSWORDS = cognito.PasswordPolicy(
    min_length=12,
    require_lowercase=True,
    require_uppercase=True,
    require_digits=True,
    require_symbols=True,
    temp_password_validity=Duration.days(7),  # as long as the invitation it comes with,
)

ACCEPTED = {
    "AwsSolutions-COG2": "Offered to everybody; demanding it is each workspace's decision.",
    "AwsSolutions-COG8": "The Plus plan is paid for each person; Cognito's own lock-out slows guessing.",
}

# In both languages of the pages: nobody knows yet which one the reader wants. Cognito fills in {username} and {####}.
INVITATION_SUBJECT = "You are invited to Huntaze \N{MIDDLE DOT} Votre invitation sur Huntaze"
INVITATION = Path(__file__).with_name("invitation.html")


class SignIn(Construct):
    """The user pool and the one client that our own sign-in form uses."""

    def __init__(self, scope: Construct, construct_id: str, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.pool = self._pool(stage)
        self.client = self.pool.add_client(
            "Web",
            user_pool_client_name="web",
            # The form is ours and posts to us. A secret would add nothing: the same function would hold both.
            auth_flows=cognito.AuthFlow(user_password=True),
            disable_o_auth=True,
            access_token_validity=Duration.minutes(30),
            id_token_validity=Duration.minutes(30),
            refresh_token_validity=Duration.days(30),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )

    def _pool(self, stage: Stage) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "People",
            user_pool_name=stage.physical("huntaze"),
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True),
            ),
            # A changed address counts only once its owner has shown to read it.
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=PASSWORDS,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            email=_mail_from(stage),
            deletion_protection=stage.keeps_data,
            removal_policy=removal_policy(stage),
        )
        acknowledge(pool, ACCEPTED)
        return pool

    @property
    def issuer(self) -> str:
        """The `iss` of every token, built from region and pool: the local AWS has no attribute for it."""
        return f"https://cognito-idp.{Stack.of(self).region}.amazonaws.com/{self.pool.user_pool_id}"

    def invite_to(self, address: str) -> None:
        """Say in the mail of an invitation where to go; known only once there are pages."""
        pool = self.pool.node.default_child
        assert isinstance(pool, cognito.CfnUserPool)  # noqa: S101  # what a pool is made of
        pool.add_property_override(
            "AdminCreateUserConfig.InviteMessageTemplate",
            {
                "EmailSubject": INVITATION_SUBJECT,
                "EmailMessage": INVITATION.read_text("utf-8").replace("{address}", address),
            },
        )

    def let_invite(self, whom: iam.IGrantable) -> None:
        """Let `whom` make accounts for who is invited, and ask who has one."""
        whom.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["cognito-idp:AdminCreateUser", "cognito-idp:AdminGetUser"], resources=[self.pool.user_pool_arn]
            )
        )

    def let_end_tokens(self, whom: iam.IGrantable) -> None:
        """Let `whom` revoke what a person was issued. Signing in with a password takes no right at all."""
        action = "cognito-idp:AdminUserGlobalSignOut"
        whom.grant_principal.add_to_principal_policy(
            iam.PolicyStatement(actions=[action], resources=[self.pool.user_pool_arn])
        )


def _mail_from(stage: Stage) -> cognito.UserPoolEmail | None:
    """By SES, from an address of ours; without one from Cognito's own, which sends 50 mails a day."""
    if stage.sender is None:
        return None
    return cognito.UserPoolEmail.with_ses(
        from_email=stage.sender, from_name="Huntaze", ses_verified_domain=stage.sender.partition("@")[2]
    )
