"""Every operation of a service that takes an actor: the permission that it needs, and a call of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

import backend
from backend.associations import report as association_report
from backend.associations import service as associations
from backend.associations import subscriptions
from backend.audit import service as audit
from backend.audit.values import Search
from backend.bridges import service as bridges
from backend.budgets import service as budgets
from backend.budgets.errors import BudgetSpent
from backend.budgets.values import Budget, Spent
from backend.bulk import files, processing
from backend.bulk import service as bulk
from backend.bulk.values import Checked
from backend.contracts import service as contracts
from backend.declarations import service as declarations
from backend.devices import service as devices
from backend.devices.values import DeviceType
from backend.documents import follows
from backend.documents import service as documents
from backend.documents.values import Way
from backend.gesis import service as gesis
from backend.gesis.values import Factor
from backend.identity import people
from backend.identity.permissions import Permission, Role, StaffRole
from backend.invitations import service as invitations
from backend.labels import service as labels
from backend.programming import service as programming
from backend.registrations import service as registrations
from backend.scp import attaching
from backend.scp import service as scp
from backend.staff_group import service as staff_group
from backend.statistics import service as statistics
from backend.supplies import service as supplies
from backend.supplies.values import LookUp, LookUpOutcome, SupplyUnknown
from backend.tickets import canned, lateness, satisfaction
from backend.tickets import report as ticket_report
from backend.tickets import service as tickets
from backend.tickets import words as ticket_words
from backend.tickets.values import Queue, Satisfaction, Source
from backend.watches import service as watches
from device_bridge.wire.pairing import make_code
from tests.identity.prepared import (
    CONTRACT,
    CRITERIA,
    LINK,
    NEW_VERSION,
    NOTHING,
    SEALED,
    TICKET,
    WANTED,
    WORDS,
    Ids,
    Operation,
)
from tests.samples import HOME, PROSUMER, SID_A, SID_B, START, facts, wanted

P = Permission
FIFTY = Factor(Decimal(50))
SPENT = BudgetSpent(Spent(Budget.PERSON_HOUR, 1, 1, START))
OPERATIONS: dict[str, Operation] = {
    "associations.service.create": Operation(
        P.ASSOCIATE,
        lambda c, a, i: associations.create(c, a, wanted(PROSUMER, sid=SID_B), facts(PROSUMER), START),
    ),
    "associations.service.delete": Operation(
        P.DELETE_ASSOCIATION, lambda c, a, i: associations.delete(c, a, i.association, START)
    ),
    "associations.service.replace": Operation(
        P.DELETE_ASSOCIATION,
        lambda c, a, i: associations.replace(c, a, i.association, wanted(), facts(), START),
    ),
    "associations.service.keep_factor": Operation(
        P.KEEP_FACTOR,
        lambda c, a, i: associations.keep_factor(c, a, i.association, Factor(Decimal(50)), START),
    ),
    "associations.service.get": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: associations.get(c, a, i.association)
    ),
    "associations.service.find": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: associations.find(c, a, i.association)
    ),
    "associations.service.find_by_device": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: associations.find_by_device(c, a, 1)
    ),
    "associations.service.judged": Operation(
        P.LOOK_UP, lambda c, a, i: associations.judged(c, a, HOME.pod, SupplyUnknown(HOME.pod))
    ),
    "associations.service.of_ids": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: associations.of_ids(c, a, [i.association])
    ),
    "associations.service.latest": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: associations.latest(c, a, 8)
    ),
    "associations.service.standing_of": Operation(
        P.LOOK_UP, lambda c, a, i: associations.standing_of(c, a, HOME.point)
    ),
    "associations.service.free_device": Operation(
        P.SEE_DEVICES,
        lambda c, a, i: associations.free_device(c, a, sid=SID_A, nid=None, device_type=DeviceType.MOME),
    ),
    "associations.report.keep": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.keep(c, a, WANTED, START)
    ),
    "associations.report.kept": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.kept(c, a, 1)
    ),
    "associations.report.count": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.count(c, a, WANTED, START)
    ),
    "associations.report.newest": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.newest(c, a, WANTED, START, 8)
    ),
    "associations.report.get": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.get(c, a, i.association)
    ),
    "associations.report.configurators": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.configurators(c, a, 8)
    ),
    "associations.report.integrators_like": Operation(
        P.ALL_ASSOCIATIONS, lambda c, a, i: association_report.integrators_like(c, a, "demo")
    ),
    "associations.report.record_export": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: association_report.record_export(c, a, START, lines=1)
    ),
    "associations.report.source": Operation(
        P.REPORT_ASSOCIATIONS,
        lambda c, a, i: c.execute(association_report.source(a, WANTED, START)[0]).all(),
    ),
    "associations.subscriptions.subscribe": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: subscriptions.subscribe(c, a, WANTED, START)
    ),
    "associations.subscriptions.of_actor": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: subscriptions.of_actor(c, a)
    ),
    "associations.subscriptions.end": Operation(
        P.REPORT_ASSOCIATIONS, lambda c, a, i: subscriptions.end(c, a, 1)
    ),
    "audit.service.count": Operation(P.SEARCH_AUDIT, lambda c, a, i: audit.count(c, a, Search())),
    "audit.service.newest": Operation(P.SEARCH_AUDIT, lambda c, a, i: audit.newest(c, a, Search(), 8)),
    "audit.service.look_ups": Operation(P.SEARCH_AUDIT, lambda c, a, i: audit.look_ups(c, a, None)),
    "audit.service.integrators_like": Operation(
        P.SEARCH_AUDIT, lambda c, a, i: audit.integrators_like(c, a, "demo")
    ),
    "audit.service.record_search": Operation(
        P.SEARCH_AUDIT, lambda c, a, i: audit.record_search(c, a, Search(), START)
    ),
    "audit.service.record_export": Operation(
        P.SEARCH_AUDIT, lambda c, a, i: audit.record_export(c, a, Search(), START, 1)
    ),
    "budgets.service.check": Operation(P.LOOK_UP, lambda c, a, i: budgets.check(c, a, 1, START, {})),
    "budgets.service.count": Operation(P.LOOK_UP, lambda c, a, i: budgets.count(c, a, 1, START)),
    "budgets.service.record_spent": Operation(
        P.LOOK_UP, lambda c, a, i: budgets.record_spent(c, a, SPENT, START)
    ),
    "bulk.service.store": Operation(
        P.BULK,
        lambda c, a, i: bulk.store(
            c, a, Checked(), job_id=None, name="x", digest=None, fingerprint="x", at=START
        ),
    ),
    "bulk.service.upload": Operation(P.BULK, lambda c, a, i: bulk.upload(c, a, i.upload)),
    "bulk.service.load": Operation(P.BULK, lambda c, a, i: bulk.load(c, a, i.upload, True, START)),
    "bulk.service.discard": Operation(P.BULK, lambda c, a, i: bulk.discard(c, a, i.upload)),
    "bulk.service.rows_to_correct": Operation(P.BULK, lambda c, a, i: bulk.rows_to_correct(c, a, i.upload)),
    "bulk.service.cancel": Operation(P.BULK, lambda c, a, i: bulk.cancel(c, a, i.request, START)),
    "bulk.service.run_again": Operation(P.BULK, lambda c, a, i: bulk.run_again(c, a, i.request, START)),
    "bulk.service.get": Operation(P.SEE_BULK, lambda c, a, i: bulk.get(c, a, i.request)),
    "bulk.service.latest": Operation(P.SEE_BULK, lambda c, a, i: bulk.latest(c, a, 8)),
    "bulk.service.rows_of": Operation(P.SEE_BULK, lambda c, a, i: bulk.rows_of(c, a, i.request)),
    "bulk.processing.check": Operation(P.BULK, lambda c, a, i: processing.check(c, a, [], {})),
    "bulk.processing.record_look_ups": Operation(
        P.LOOK_UP, lambda c, a, i: processing.record_look_ups(c, a, [], START)
    ),
    "bulk.files.entries_of": Operation(P.SEE_BULK, lambda c, a, i: files.entries_of(c, a, i.request, START)),
    "bulk.files.record_deliveries": Operation(
        P.SEE_BULK, lambda c, a, i: files.record_deliveries(c, a, [i.scp], i.request, START)
    ),
    "contracts.service.load": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: contracts.load(c, a, [CONTRACT], START)
    ),
    "contracts.service.changes": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: contracts.changes(c, a, [CONTRACT])
    ),
    "contracts.service.get": Operation(P.MANAGE_CONTRACTS, lambda c, a, i: contracts.get(c, a, i.contract)),
    "contracts.service.latest": Operation(P.MANAGE_CONTRACTS, lambda c, a, i: contracts.latest(c, a, 8)),
    "contracts.service.people_of": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: contracts.people_of(c, a, i.contract)
    ),
    "contracts.service.end": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: contracts.end(c, a, i.contract, START)
    ),
    "declarations.service.accept": Operation(
        P.ACCEPT_DECLARATION, lambda c, a, i: declarations.accept(c, a, "1", START)
    ),
    **{
        f"documents.{name}": Operation(P.SEE_DOCUMENTS, call)
        for name, call in {
            "service.counts": lambda c, a, i: documents.counts(c, a),
            "service.listed": lambda c, a, i: documents.listed(c, a, "doc", 8),
            "service.get": lambda c, a, i: documents.get(c, a, NOTHING),
            "service.versions": lambda c, a, i: documents.versions(c, a, NOTHING),
            "service.version": lambda c, a, i: documents.version(c, a, NOTHING),
            "service.record_download": lambda c, a, i: documents.record_download(
                c, a, NOTHING, Way.CHAT, START
            ),
            "service.record_link": lambda c, a, i: documents.record_link(c, a, LINK, START),
            "service.keep": lambda c, a, i: documents.keep(c, a, WORDS, START),
            "service.kept": lambda c, a, i: documents.kept(c, a, NOTHING),
            "service.found": lambda c, a, i: documents.found(c, a, WORDS, 8),
            "follows.follow": lambda c, a, i: follows.follow(c, a, "doc", START),
            "follows.unfollow": lambda c, a, i: follows.unfollow(c, a, "doc"),
            "follows.followed": lambda c, a, i: follows.followed(c, a),
        }.items()
    },
    **{
        f"documents.service.{name}": Operation(P.MANAGE_DOCUMENTS, call)
        for name, call in {
            "add": lambda c, a, i: documents.add(c, a, "doc", "Kit", NEW_VERSION, START),
            "add_version": lambda c, a, i: documents.add_version(c, a, NOTHING, NEW_VERSION, START),
            "withdraw": lambda c, a, i: documents.withdraw(c, a, NOTHING, START),
            "withdraw_version": lambda c, a, i: documents.withdraw_version(c, a, NOTHING, START),
            "restore": lambda c, a, i: documents.restore(c, a, NOTHING, START),
        }.items()
    },
    "devices.service.find": Operation(P.SEE_DEVICES, lambda c, a, i: devices.find(c, a, sid=SID_A)),
    "devices.service.candidates": Operation(
        P.SEE_DEVICES, lambda c, a, i: devices.candidates(c, a, sid=SID_A, nid=None)
    ),
    "identity.people.members_of": Operation(P.SEE_MEMBERS, lambda c, a, i: people.members_of(c, a, 8)),
    "identity.people.count_members": Operation(P.SEE_MEMBERS, lambda c, a, i: people.count_members(c, a)),
    "identity.people.member": Operation(P.SEE_MEMBERS, lambda c, a, i: people.member(c, a, i.membership)),
    "identity.people.change_role": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: people.change_role(c, a, i.membership, Role.TECHNICIAN, START)
    ),
    "identity.people.remove_member": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: people.remove_member(c, a, i.membership, START)
    ),
    "identity.people.find_people": Operation(
        P.MANAGE_STAFF, lambda c, a, i: people.find_people(c, a, "config", 8)
    ),
    "identity.people.find_members": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: people.find_members(c, a, "config", 8)
    ),
    "identity.people.count_people": Operation(
        P.MANAGE_STAFF, lambda c, a, i: people.count_people(c, a, "config")
    ),
    "identity.people.staff_people": Operation(P.MANAGE_STAFF, lambda c, a, i: people.staff_people(c, a, 8)),
    "identity.people.person": Operation(P.MANAGE_STAFF, lambda c, a, i: people.person(c, a, i.person)),
    "identity.people.suspend": Operation(
        P.MANAGE_STAFF, lambda c, a, i: people.suspend(c, a, i.person, True, START)
    ),
    "identity.people.set_staff_role": Operation(
        P.MANAGE_STAFF, lambda c, a, i: people.set_staff_role(c, a, i.person, StaffRole.SUPPORT, True, START)
    ),
    "gesis.service.keep": Operation(
        P.KEEP_FACTOR,
        lambda c, a, i: gesis.keep(
            c, a, HOME.point, HOME.meter_serial, FIFTY, START, association_id=i.association
        ),
    ),
    "invitations.service.create": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: invitations.create(c, a, Role.TECHNICIAN, "three", START)
    ),
    "invitations.service.pending": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: invitations.pending(c, a, START, 8)
    ),
    "invitations.service.get": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: invitations.get(c, a, i.open_invitation)
    ),
    "invitations.service.revoke": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: invitations.revoke(c, a, i.open_invitation, START)
    ),
    "invitations.service.admit": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: invitations.admit(c, a, i.asked_invitation, START)
    ),
    "invitations.service.refuse": Operation(
        P.MANAGE_MEMBERS, lambda c, a, i: invitations.refuse(c, a, i.asked_invitation, START)
    ),
    "registrations.service.load_contracts": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: registrations.load_contracts(c, a, [CONTRACT], START)
    ),
    "registrations.service.waiting": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: registrations.waiting(c, a, 8)
    ),
    "registrations.service.get": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: registrations.get(c, a, i.registration)
    ),
    "registrations.service.known_company": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: registrations.known_company(c, a, i.registration)
    ),
    "registrations.service.same_person": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: registrations.same_person(c, a, i.registration, START)
    ),
    "registrations.service.enable": Operation(
        P.MANAGE_CONTRACTS,
        lambda c, a, i: registrations.enable(c, a, i.registration, Role.CONFIGURATOR, START),
    ),
    "registrations.service.refuse": Operation(
        P.MANAGE_CONTRACTS, lambda c, a, i: registrations.refuse(c, a, i.registration, "no", START)
    ),
    "scp.service.associate": Operation(
        P.ASSOCIATE,
        lambda c, a, i: scp.associate(c, a, wanted(PROSUMER, sid=SID_B), facts(PROSUMER), None, START),
    ),
    "scp.service.latest_for": Operation(P.GET_SCP, lambda c, a, i: scp.latest_for(c, a, i.association)),
    "scp.service.latest_of": Operation(P.GET_SCP, lambda c, a, i: scp.latest_of(c, a, [i.association])),
    "scp.service.request": Operation(P.GET_SCP, lambda c, a, i: scp.request(c, a, _any(c, i), START)),
    "scp.service.record_delivery": Operation(
        P.GET_SCP, lambda c, a, i: scp.record_delivery(c, a, i.scp, START)
    ),
    "scp.service.record_deliveries": Operation(
        P.GET_SCP, lambda c, a, i: scp.record_deliveries(c, a, [i.scp], START)
    ),
    "scp.attaching.awaited": Operation(P.ATTACH_SCP, lambda c, a, i: attaching.awaited(c, a, 8)),
    "scp.attaching.association_of": Operation(
        P.ATTACH_SCP, lambda c, a, i: attaching.association_of(c, a, point=HOME.point)
    ),
    "scp.attaching.target": Operation(P.ATTACH_SCP, lambda c, a, i: attaching.target(c, a, i.association)),
    "scp.attaching.attach": Operation(
        P.ATTACH_SCP, lambda c, a, i: attaching.attach(c, a, i.association, SEALED, START)
    ),
    "labels.service.keep": Operation(P.OPEN_TICKETS, lambda c, a, i: labels.keep(c, a, WORDS, START)),
    "labels.service.kept": Operation(P.OPEN_TICKETS, lambda c, a, i: labels.kept(c, a, 1, type(WORDS))),
    "statistics.service.statistics": Operation(
        P.SEE_STATISTICS, lambda c, a, i: statistics.statistics(c, a, START)
    ),
    "supplies.service.record_look_up": Operation(
        P.LOOK_UP, lambda c, a, i: supplies.record_look_up(c, a, HOME.pod, LookUpOutcome.ELIGIBLE, START)
    ),
    "bridges.service.offer": Operation(
        P.PROGRAM, lambda c, a, i: bridges.offer(c, a, make_code(bytes(32)), START)
    ),
    "bridges.service.decide": Operation(
        P.PROGRAM, lambda c, a, i: bridges.decide(c, a, i.bridge, True, START)
    ),
    "bridges.service.get": Operation(P.PROGRAM, lambda c, a, i: bridges.get(c, a, i.bridge, START)),
    "bridges.service.mine": Operation(P.PROGRAM, lambda c, a, i: bridges.mine(c, a, START)),
    "programming.service.technicians": Operation(P.PROGRAM, lambda c, a, i: programming.technicians(c, a)),
    "programming.service.assign": Operation(
        P.ASSIGN_PROGRAMMING,
        lambda c, a, i: programming.assign(c, a, i.association, NOTHING, "", "", START),
    ),
    "programming.service.hand_over": Operation(
        P.PROGRAM, lambda c, a, i: programming.hand_over(c, a, i.job, NOTHING, START)
    ),
    "programming.service.ask_replacement": Operation(
        P.PROGRAM, lambda c, a, i: programming.ask_replacement(c, a, i.job, START)
    ),
    "programming.service.cancel": Operation(
        P.PROGRAM, lambda c, a, i: programming.cancel(c, a, i.job, START)
    ),
    "programming.service.confirm": Operation(
        P.PROGRAM, lambda c, a, i: programming.confirm(c, a, i.job, START, by_hand=True)
    ),
    "programming.service.get": Operation(P.SEE_ASSOCIATIONS, lambda c, a, i: programming.get(c, a, i.job)),
    "programming.service.open_of": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: programming.open_of(c, a, i.association)
    ),
    "programming.service.readable_of": Operation(
        P.SEE_ASSOCIATIONS, lambda c, a, i: programming.readable_of(c, a, i.association)
    ),
    "programming.service.mine": Operation(P.PROGRAM, lambda c, a, i: programming.mine(c, a, 8)),
    "programming.service.latest": Operation(P.SEE_ASSOCIATIONS, lambda c, a, i: programming.latest(c, a, 8)),
    "supplies.service.record_look_ups": Operation(
        P.LOOK_UP, lambda c, a, i: supplies.record_look_ups(c, a, [(HOME.pod, LookUpOutcome.ELIGIBLE)], START)
    ),
    "supplies.service.recent_pods": Operation(P.LOOK_UP, lambda c, a, i: supplies.recent_pods(c, a)),
    "tickets.service.open_ticket": Operation(
        P.OPEN_TICKETS, lambda c, a, i: tickets.open_ticket(c, a, TICKET, START)
    ),
    "tickets.service.add_word": Operation(
        P.OPEN_TICKETS, lambda c, a, i: tickets.add_word(c, a, i.ticket, "more", START)
    ),
    "tickets.service.reopen": Operation(
        P.OPEN_TICKETS, lambda c, a, i: tickets.reopen(c, a, i.ticket, START)
    ),
    "tickets.service.take": Operation(P.ANSWER_TICKETS, lambda c, a, i: tickets.take(c, a, i.ticket, START)),
    "tickets.service.answer": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.answer(c, a, i.ticket, "so", START)
    ),
    "tickets.service.note": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.note(c, a, i.ticket, "so", START)
    ),
    "tickets.service.close": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.close(c, a, i.ticket, "so", START)
    ),
    "tickets.service.give_back": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.give_back(c, a, i.ticket, START)
    ),
    "tickets.service.begin": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.begin(c, a, i.person, TICKET, START)
    ),
    "tickets.words.edit_word": Operation(
        P.OPEN_TICKETS, lambda c, a, i: ticket_words.edit_word(c, a, Source(1, 1), "so", START)
    ),
    "tickets.words.edit_note": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: ticket_words.edit_note(c, a, Source(1, 1), "so", START)
    ),
    "tickets.words.withdraw": Operation(
        P.OPEN_TICKETS, lambda c, a, i: ticket_words.withdraw(c, a, 1, START)
    ),
    "tickets.service.hand_over": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.hand_over(c, a, i.ticket, a.person_id, START)
    ),
    "tickets.service.who_answers": Operation(P.ANSWER_TICKETS, lambda c, a, i: tickets.who_answers(c, a)),
    "staff_group.service.choose": Operation(
        P.MANAGE_STAFF, lambda c, a, i: staff_group.choose(c, a, 7, -1_000, START)
    ),
    "staff_group.service.leave": Operation(P.MANAGE_STAFF, lambda c, a, i: staff_group.leave(c, a, START)),
    "tickets.service.get": Operation(P.SEE_TICKETS, lambda c, a, i: tickets.get(c, a, i.ticket)),
    "tickets.service.mine": Operation(P.SEE_TICKETS, lambda c, a, i: tickets.mine(c, a, 8)),
    "tickets.service.of_ids": Operation(P.ANSWER_TICKETS, lambda c, a, i: tickets.of_ids(c, a, [i.ticket])),
    "tickets.lateness.late": Operation(P.ANSWER_TICKETS, lambda c, a, i: lateness.late(c, a, START, 8)),
    "tickets.lateness.numbers": Operation(P.ANSWER_TICKETS, lambda c, a, i: lateness.numbers(c, a, START)),
    "tickets.satisfaction.rate": Operation(
        P.OPEN_TICKETS, lambda c, a, i: satisfaction.rate(c, a, i.ticket, Satisfaction.SOLVED)
    ),
    "tickets.service.queue": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: tickets.queue(c, a, Queue.UNASSIGNED, 8)
    ),
    "tickets.canned.answers": Operation(P.ANSWER_TICKETS, lambda c, a, i: canned.answers(c, a)),
    "tickets.canned.answer": Operation(P.ANSWER_TICKETS, lambda c, a, i: canned.answer(c, a, 1)),
    "tickets.canned.add": Operation(P.ANSWER_TICKETS, lambda c, a, i: canned.add(c, a, "so", "so", None)),
    "tickets.canned.change": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: canned.change(c, a, 1, "so", "so", None)
    ),
    "tickets.canned.remove": Operation(P.ANSWER_TICKETS, lambda c, a, i: canned.remove(c, a, 1)),
    "tickets.report.keep": Operation(
        P.SEE_TICKETS, lambda c, a, i: ticket_report.keep(c, a, CRITERIA, START)
    ),
    "tickets.report.kept": Operation(P.SEE_TICKETS, lambda c, a, i: ticket_report.kept(c, a, 1)),
    "tickets.report.count": Operation(P.SEE_TICKETS, lambda c, a, i: ticket_report.count(c, a, CRITERIA)),
    "tickets.report.newest": Operation(
        P.SEE_TICKETS, lambda c, a, i: ticket_report.newest(c, a, CRITERIA, 8)
    ),
    "tickets.report.requesters": Operation(P.SEE_TICKETS, lambda c, a, i: ticket_report.requesters(c, a, 8)),
    "tickets.report.integrators_like": Operation(
        P.ANSWER_TICKETS, lambda c, a, i: ticket_report.integrators_like(c, a, "demo")
    ),
    "tickets.report.record_export": Operation(
        P.SEE_TICKETS, lambda c, a, i: ticket_report.record_export(c, a, START, lines=1)
    ),
    "watches.service.begin": Operation(P.LOOK_UP, lambda c, a, i: watches.begin(c, a, PROSUMER.pod, START)),
    "watches.service.get": Operation(P.LOOK_UP, lambda c, a, i: watches.get(c, a, i.watch)),
    "watches.service.stop": Operation(P.LOOK_UP, lambda c, a, i: watches.stop(c, a, i.watch, START)),
    "watches.service.mine": Operation(P.LOOK_UP, lambda c, a, i: watches.mine(c, a, 8)),
    "watches.service.looked_up": Operation(
        P.LOOK_UP, lambda c, a, i: watches.looked_up(c, a, LookUp(HOME.pod, LookUpOutcome.ELIGIBLE), START)
    ),
    "watches.service.of_point": Operation(P.LOOK_UP, lambda c, a, i: watches.of_point(c, a, HOME.point)),
}

OF_ONESELF = {
    "bridges.service.revoke",
    "declarations.service.standing",
    "declarations.service.standing_until",
    "identity.service.choose_membership",
    "identity.service.memberships_of",
    "identity.people.profile_of",
    "identity.preferences.keep_quiet",
    "identity.preferences.mute",
    "identity.preferences.preferences_of",
    "identity.preferences.write_by_mail",
    "tickets.service.open_of",
    "tickets.words.said_in",
}
"""What people do for themselves, and are told about themselves."""
WITHIN = {
    "associations.extract.order",
    "associations.subscriptions.place_of",
    "audit.export.export",
    "bulk.processing.check_budget",
    "bulk.processing.conclude",
    "bulk.processing.refuse",
    "contracts.service.load_as_operator",
    "identity.people.enable_member",
    "programming.service.conclude",
    "tickets.service.find",
    "watches.service.conclude",
    "tickets.service.own",
}
"""Parts of other operations, which have asked for the permission, or where the actor is only named in the
audit.
"""


def _any(connection: Connection, ids: Ids) -> Any:
    found = associations.of_any(connection, ids.association)
    return found if found is not None else replace(_sample(connection), id=NOTHING)


def _sample(connection: Connection) -> Any:
    found = associations.of_any(connection, 1)
    assert found is not None
    return found


def found_in_the_services() -> Iterator[str]:
    """Every public function of a service that takes an actor."""
    for info in pkgutil.walk_packages(backend.__path__, "backend."):
        if info.ispkg or info.name.startswith(("backend.core.db.migrations", "backend.core.child")):
            continue
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and "actor" in inspect.signature(function).parameters:
                yield f"{info.name.removeprefix('backend.')}.{name}"
