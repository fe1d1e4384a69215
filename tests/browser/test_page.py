"""The page around the chats: size, theme, safety, reconnection, several phones."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESK, OpenPage, Stage
from tests.browser.scripted_bot import CARD
from tests.browser.test_chat import send

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ATTACK = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
LONG_WORD = "IT" + "0123456789" * 20


async def width_is_kept(page: Page) -> bool:
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    feed = await page.locator(".feed").evaluate("feed => feed.scrollWidth > feed.clientWidth")
    return not wide and not feed


async def test_the_page_does_not_scroll_sideways_at_360_pixels(open_page: OpenPage, stage: Stage) -> None:
    page = await open_page()
    await send(page, LONG_WORD)
    await stage.bot.say(stage.luca.id, f"<code>{LONG_WORD}</code>", CARD)
    rows = [[{"text": f"{LONG_WORD} {number}", "callback_data": str(number)}] for number in range(12)]
    await stage.bot.say(stage.luca.id, "Molti contatori", {"inline_keyboard": rows})
    await stage.bot.call("sendDocument", chat_id=stage.luca.id, document=(f"{LONG_WORD}.csv", b"a;b"))
    await expect(page.locator(".file")).to_be_visible()
    assert await width_is_kept(page)

    await page.get_by_role("button", name="Prova questi POD").click()
    await expect(page.get_by_role("dialog", name="Prova questi POD")).to_be_visible()
    assert await width_is_kept(page)
    await page.get_by_role("button", name="Scrivi IT001E12345678 nella chat").click()
    await expect(page.get_by_label("Messaggio", exact=True)).to_have_value("IT001E12345678")


async def test_tap_targets_are_large_enough(open_page: OpenPage) -> None:
    page = await open_page()
    await send(page, "scheda")
    await expect(page.locator(".key").first).to_be_visible()
    small = await page.evaluate(
        """() => [...document.querySelectorAll(".top button, .composer button, .key")]
            .map((it) => [it.getBoundingClientRect(), it.outerHTML])
            .filter(([box]) => box.width && (box.width < 40 || box.height < 40)).map(([, html]) => html)"""
    )
    assert small == []


async def test_dark_mode_follows_the_system_the_address_and_the_toggle(
    open_page: OpenPage, stage: Stage
) -> None:
    page = await open_page(scheme="dark")
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    dark = await page.locator(".top").evaluate("top => getComputedStyle(top).backgroundColor")

    page = await open_page(f"?as={stage.luca.id}&theme=dark")
    assert await page.locator(".top").evaluate("top => getComputedStyle(top).backgroundColor") == dark

    page = await open_page()
    root = page.locator("html")
    await expect(root).to_have_attribute("data-theme", "light")
    await page.get_by_role("button", name="Opzioni della chat").click()
    await page.get_by_role("menuitem", name="Tema scuro").click()
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "dark")


async def test_markup_in_names_texts_files_and_notes_stays_text(open_page: OpenPage, stage: Stage) -> None:
    stage.api.notes = [{"title": ATTACK, "rows": [{"code": ATTACK, "text": ATTACK}]}]
    mallory = stage.api.add_user(ATTACK[:60], language_code="it", note=ATTACK)
    page = await open_page(f"?as={mallory.id}", size=DESK)
    await send(page, ATTACK)
    await expect(page.locator(".out .bubble", has_text="onerror")).to_be_visible()
    await stage.bot.call("sendMessage", chat_id=mallory.id, text=ATTACK, reply_markup=CARD)
    await stage.bot.call("sendDocument", chat_id=mallory.id, document=("<img src=x onerror=1>.txt", b"x"))
    await expect(page.locator(".file")).to_be_visible()
    await stage.bot.say(mallory.id, '<a href="https://example.org/">sito</a> e <b>grassetto</b>')
    await expect(page.locator(".bubble a.link")).to_have_attribute("href", "https://example.org/")
    await expect(page.locator(".bubble b")).to_have_text("grassetto")
    assert await page.locator("img, script:not([src])").count() == 0
    assert await page.evaluate("window.hacked") is None


async def test_unknown_elements_and_addresses_are_not_rendered(open_page: OpenPage) -> None:
    page = await open_page(hostile=True)
    built = await page.evaluate(
        """async () => {
            const { richText } = await import("/page/rich.js");
            const holder = document.createElement("div");
            const html = '<a href="javascript:alert(1)" onclick="x()">uno</a><b style="top:0">due</b>'
                + '<iframe src="https://example.org"></iframe><svg onload="x()"><a href="//a.b">tre</a></svg>'
                + '<tg-spoiler><i>quattro</i></tg-spoiler>';
            const nothing = () => {};
            const tools = { t: (key) => key, onCommand: nothing, onCopy: nothing, onLink: nothing };
            holder.append(richText({ html }, tools));
            return {
                names: [...holder.querySelectorAll("*")].map((it) => it.tagName.toLowerCase()),
                attributes: [...holder.querySelectorAll("*")].flatMap((it) => it.getAttributeNames()),
                text: holder.textContent,
            };
        }"""
    )
    assert set(built["names"]) <= {"a", "b", "i", "span"}
    assert set(built["attributes"]) <= {"class", "href", "target", "rel", "role", "tabindex", "aria-label"}
    assert built["text"] == "unoduetrequattro"


async def test_the_page_reconnects_by_itself_when_the_server_is_back(
    open_page: OpenPage, stage: Stage
) -> None:
    page = await open_page()
    await send(page, "ciao")
    await expect(page.locator(".in .bubble", has_text="Hai scritto: ciao")).to_be_visible()
    port = urlsplit(stage.url).port
    assert port is not None
    await stage.bot.__aexit__()
    await stage.api.stop()
    await expect(page.locator(".banner")).to_be_visible()
    await expect(page.locator(".banner")).to_contain_text("Connessione…")

    await stage.api.start(port=port)
    await stage.bot.__aenter__()
    await stage.bot.say(stage.luca.id, "scritto mentre non c’eri")
    await expect(page.locator(".bubble", has_text="scritto mentre non c’eri")).to_be_visible()
    await expect(page.locator(".banner")).to_be_hidden()
    await send(page, "eccomi")
    await expect(page.locator(".in .bubble", has_text="Hai scritto: eccomi")).to_be_visible()


async def test_personas_side_by_side_have_a_phone_each(open_page: OpenPage, stage: Stage) -> None:
    page = await open_page(f"?as={stage.luca.id},{stage.anna.id}", size=DESK)
    luca = page.locator(f'.phone[data-user="{stage.luca.id}"]')
    anna = page.locator(f'.phone[data-user="{stage.anna.id}"]')
    await luca.get_by_role("button", name="AVVIA").click()
    await expect(luca.locator(".in .bubble")).to_contain_text("/start")
    await expect(anna.locator(".bubble")).to_have_count(0)

    await anna.get_by_role("button", name="START").click()
    await anna.get_by_label("Message", exact=True).fill("hello")
    await anna.get_by_label("Message", exact=True).press("Enter")
    await expect(anna.locator(".in .bubble", has_text="Hai scritto: hello")).to_be_visible()
    await expect(luca.locator(".bubble", has_text="hello")).to_have_count(0)

    await luca.get_by_label("Messaggio", exact=True).focus()
    await page.get_by_role("button", name="Scrivi IT001E12345678 nella chat").click()
    await expect(luca.get_by_label("Messaggio", exact=True)).to_have_value("IT001E12345678")
    await anna.get_by_role("button", name="Hide Anna’s phone").click()
    await expect(page.locator(".phone")).to_have_count(1)


async def test_a_chat_keeps_its_position_when_another_phone_comes_or_goes(
    open_page: OpenPage, stage: Stage
) -> None:
    page = await open_page(f"?as={stage.anna.id},{stage.luca.id}", size=DESK)
    luca = page.locator(f'.phone[data-user="{stage.luca.id}"]')
    await luca.get_by_role("button", name="AVVIA").click()
    for number in range(8):
        await luca.get_by_label("Messaggio", exact=True).fill(f"riga {number}\n\n\n")
        await luca.get_by_label("Messaggio", exact=True).press("Enter")
        await expect(luca.locator(".in .bubble", has_text=f"riga {number}")).to_be_visible()
    newest = luca.locator(".in .bubble", has_text="riga 7")

    await page.get_by_role("button", name="Hide Anna’s phone").click()
    await expect(page.locator(".phone")).to_have_count(1)
    await expect(newest).to_be_in_viewport()
    await page.get_by_role("button", name="Anna").first.click()
    await expect(page.locator(".phone")).to_have_count(2)
    await expect(newest).to_be_in_viewport()


async def test_the_persona_is_switched_in_the_header_on_a_phone(open_page: OpenPage, stage: Stage) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Stai usando il telefono di Luca Ferrari").click()
    await page.get_by_role("menuitem", name="Anna").click()
    await expect(page.locator(f'.phone[data-user="{stage.anna.id}"]')).to_be_visible()
    await expect(page.get_by_role("button", name="START")).to_be_visible()
    assert page.url.endswith(f"as={stage.anna.id}")


async def test_a_forum_shows_its_topics_as_tabs(open_page: OpenPage, stage: Stage) -> None:
    group = stage.api.add_group("Assistenza", stage.account, [stage.luca, stage.anna], is_forum=True)
    topic = await stage.bot.call("createForumTopic", chat_id=group.id, name="Guasti")
    thread = topic["message_thread_id"]
    page = await open_page()
    await page.get_by_role("button", name="Elenco delle chat").click()
    await page.get_by_role("button", name="Assistenza").click()
    await stage.bot.say(group.id, "nel tema", message_thread_id=thread)
    tab = page.get_by_role("tab", name="Guasti")
    await expect(tab).to_contain_text("1")
    await tab.click()
    await expect(page.locator(".in .bubble", has_text="nel tema")).to_be_visible()
    await send(page, "/rispondo@prova_bot")
    await expect(page.locator(".out .bubble", has_text="/rispondo")).to_be_visible()

    # The bot answers outside the topic: the two views do not mix.
    await page.get_by_role("tab", name="Generale").click()
    await expect(page.locator(".in .bubble", has_text="Hai scritto: /rispondo")).to_be_visible()
    await expect(page.locator(".out .bubble", has_text="/rispondo")).to_have_count(0)
    await expect(page.locator(".bubble", has_text="nel tema")).to_have_count(0)


async def test_emoji_are_shown_where_the_system_has_no_font_for_them(open_page: OpenPage) -> None:
    page = await open_page()
    # It is there before the first button is drawn: one that was drawn without it may keep boxes.
    loaded = await page.evaluate(
        """[...document.fonts].filter((face) => face.family.includes("Page Emoji"))
            .map((face) => face.status)"""
    )
    assert loaded == ["loaded"]
