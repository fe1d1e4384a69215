"""The staff group in the chat: choosing it, leaving it, and being told that it is lost."""

from __future__ import annotations

from typing import Any

from backend.identity.permissions import Permission
from backend.notices.values import Notice
from backend.staff_group import service as staff_group
from backend.staff_group.values import LOST_NOTICE, StaffGroupState
from conversations.core.action import Action
from conversations.core.answers import Answer, Do, Question, Wait, show
from conversations.core.context import Say, TurnContext
from conversations.core.effects import JobRequest, order
from conversations.core.feature import Feature, SlashCommand
from conversations.core.navigation import home_button
from conversations.core.notices import NoticeKind
from conversations.core.prompts import Entry, Prompt


class StaffGroupAction(Action):
    """What actions about the group share: who may, and that they answer in any group."""

    permission = Permission.MANAGE_STAFF
    in_groups = True


class ShowStaffGroup(StaffGroupAction):
    """In a group: whether it is the staff group, or can become it. In private: whether there is one."""

    name = "staff_group"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        if context.private:
            group = await context.short_read(staff_group.group_of, context.destination.bot_id)
            if group is None or group.state is StaffGroupState.LEFT:
                return show(Prompt(say("staff_group.none"), ((home_button(context),),)))
            leave = Entry(say("staff_group.button.leave"), LeaveStaffGroup.name)
            return show(
                Prompt(say("staff_group.some", at=group.chosen_at), ((leave,), (home_button(context),)))
            )
        if context.staff_group:
            leave = Entry(say("staff_group.button.leave"), LeaveStaffGroup.name)
            return show(Prompt(say("staff_group.this"), ((leave,),)))
        job = JobRequest("staff_group_look", {})
        return Wait(Question(job), lambda: Prompt(say("staff_group.looking")))

    async def result(self, arguments: dict[str, Any], result: Any, context: TurnContext) -> Answer:
        say = context.say
        if result.get("failed"):
            return show(Prompt(say("staff_group.not_known")))
        if not result["forum"]:
            return show(Prompt(say("staff_group.no_topics")))
        if not result["rights"]:
            return show(Prompt(say("staff_group.no_rights")))
        use = Entry(say("staff_group.button.use"), UseStaffGroup.name)
        return show(Prompt(say("staff_group.ask", members=result["members"]), ((use,),)))


class UseStaffGroup(StaffGroupAction):
    """Make the group of this chat the staff group."""

    name = "staff_group_use"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        here = context.destination
        if context.private:
            return show(Prompt(context.say("staff_group.none"), ((home_button(context),),)))
        return Do(
            order(staff_group.choose, context.acting, here.bot_id, here.chat_id, context.now),
            lambda _: [Prompt(context.say("staff_group.chosen"))],
        )


class LeaveStaffGroup(StaffGroupAction):
    """Have no staff group any more, after a question. The argument is `yes` once it was answered."""

    name = "staff_group_leave"

    async def run(self, argument: str, context: TurnContext) -> Answer:
        say = context.say
        ways = ((home_button(context),),) if context.private else ()
        if argument != "yes":
            leave = Entry(say("staff_group.button.leave_now"), self.name, "yes")
            keep = Entry(say("staff_group.button.keep"), ShowStaffGroup.name)
            return show(Prompt(say("staff_group.leave_ask"), ((leave, keep),)))
        return Do(
            order(staff_group.leave, context.acting, context.now),
            lambda _: [Prompt(say("staff_group.left"), ways)],
        )


class StaffGroupLost(NoticeKind):
    """The group cannot be reached: what is to be done comes in private again."""

    name = LOST_NOTICE

    def word(self, connection: Any, notice: Notice, say: Say) -> Prompt | None:
        return Prompt(say("staff_group.lost"))


FEATURE = Feature(
    actions=(ShowStaffGroup(), UseStaffGroup(), LeaveStaffGroup()),
    commands=(SlashCommand(ShowStaffGroup.name, {"it": "gruppo", "en": "group"}, listed=False),),
    notices=(StaffGroupLost(),),
)
