"""The product's features as they run beside the turns: one line for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from telegram import Bot

from backend.central.client import CentralClient
from backend.core.clock import Clock
from backend.core.db.database import Database
from backend.core.keys.vault import Vault
from backend.core.mail.mailer import Mailer
from backend.documents.links import Links
from backend.identity import preferences
from backend.scp.source import ScpSource
from backend.supplies.central import CentralSystem
from bot.associations.export import AssociationExports
from bot.associations.feature import associations_feature
from bot.audit.feature import AuditJobs, audit_feature
from bot.bridges.feature import BridgeJobs, bridges_feature
from bot.bridges.gateway import Gateway
from bot.bulk.feature import BulkJobs, bulk_feature
from bot.central.feature import central_feature
from bot.contracts.feature import contracts_feature
from bot.core.core_features import core_features
from bot.core.feature import RunningFeature
from bot.core.settings import Settings
from bot.documents.feature import documents_feature
from bot.invitations.feature import invitations_feature
from bot.labels.feature import LabelReader, labels_feature
from bot.languages.feature import languages_feature
from bot.notices.by_mail import NoticesByMail
from bot.notices.feature import notices_feature
from bot.privacy.feature import privacy_feature
from bot.programming.feature import ProgrammingWork, programming_feature
from bot.registrations.feature import registrations_feature
from bot.scp.feature import ScpReceiver, scp_feature, scp_maker
from bot.staff_group.feature import staff_group_feature
from bot.statistics.feature import ChartDrawer, statistics_feature
from bot.supplies.feature import supplies_feature
from bot.tickets.export import TicketExports
from bot.tickets.feature import tickets_feature
from bot.tickets.files import TicketFiles
from bot.watches.feature import Watching, watches_feature
from conversations.core.catalogue import Catalogue
from device_bridge.wire.signing import SigningKeys


def running_features(
    *,
    settings: Settings,
    database: Database,
    clock: Clock,
    bot: Bot,
    catalogue: Catalogue,
    central: CentralSystem,
    scp_source: ScpSource,
    central_client: CentralClient | None = None,
    signing: SigningKeys,
    vault: Vault,
    mailer: Mailer,
    announcements: Callable[[], list[bytes]],
    document_links: Links | None,
) -> Sequence[RunningFeature]:
    """All of them, each with what it works with."""
    make_scp = scp_maker(database, clock, scp_source, signing, vault)
    by_mail = NoticesByMail(
        database=database,
        clock=clock,
        bot=bot,
        kinds=catalogue.notices,
        mailer=mailer,
        address_of=preferences.mail_address_of,
    )
    bulk = BulkJobs(
        database=database,
        clock=clock,
        bot=bot,
        central=central,
        vault=vault,
        sid_pattern=settings.sid_pattern,
        look_up_limits=settings.look_up_limits,
    )
    programming = ProgrammingWork(
        database=database,
        clock=clock,
        bot=bot,
        vault=vault,
        signing=signing,
        make_scp=make_scp,
        folder=settings.data,
    )
    gateway = Gateway(
        database, clock, signing, announcements, programming, simulated=settings.bridge_simulated
    )
    bridges = BridgeJobs(database, clock)
    ticket_files = TicketFiles(database=database, clock=clock, bot=bot, vault=vault, ask_bridge=bridges.ask)
    watching = Watching(
        database=database,
        clock=clock,
        bot_id=bot.id,
        central=central,
        limits=settings.look_up_limits,
    )
    return (
        *core_features(
            dead_letters_kept=timedelta(days=settings.dead_letter_days),
            jobs_kept=timedelta(days=settings.job_days),
            posts_kept=timedelta(days=settings.post_days),
        ),
        notices_feature(bot.id, catalogue.notices, timedelta(days=settings.notice_days), by_mail),
        languages_feature(bot, catalogue.slash_commands),
        supplies_feature(central),
        watches_feature(watching),
        associations_feature(AssociationExports(database=database, clock=clock, bot_id=bot.id, vault=vault)),
        central_feature(database, clock, central_client),
        scp_feature(make_scp, ScpReceiver(database, clock, bot, signing, vault)),
        bulk_feature(
            bulk,
            make_scp,
            corrections_kept=timedelta(days=settings.bulk_correction_days),
            requests_kept=timedelta(days=settings.bulk_days),
        ),
        bridges_feature(bridges, gateway, settings),
        programming_feature(programming, timedelta(days=settings.programming_days)),
        tickets_feature(
            ticket_files,
            TicketExports(database=database, clock=clock, bot=bot, vault=vault),
            timedelta(days=settings.ticket_days),
            settings.working_hours,
        ),
        documents_feature(database, clock, bot, document_links),
        labels_feature(LabelReader(bot, settings.sid_pattern)),
        statistics_feature(ChartDrawer(database, vault, settings.data)),
        staff_group_feature(bot, catalogue.topics),
        audit_feature(AuditJobs(database, vault, bot.id)),
        registrations_feature(database, clock, mailer, timedelta(days=settings.registration_days)),
        contracts_feature(database, bot, vault, timedelta(days=settings.registration_days)),
        invitations_feature(database, clock, bot, vault, timedelta(days=settings.registration_days)),
        privacy_feature(database, clock, vault, timedelta(days=settings.registration_days)),
    )
