"""Reports: received, under way, done with evidence, confirmed, returned; twice, too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.conversation.incoming import IncomingFile
from models.assignments import Report, Status
from models.people import PostRole
from plans.format import MilestoneRow, TaskRow
from scheduler.delivery import NotDelivered
from tests.support.world import ADMIN, World, load, small_plan

AN, BINH, CHI = "11", "12", "13"


async def office(world: World) -> None:
    """Let An join for Sở Tư pháp, Bình for Sở Tài chính; Chi watches over the plan."""
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp", "Nguyễn Văn An")
    await world.joins(BINH, PostRole.FOCAL_POINT, "Sở Tài chính", "Trần Bình")
    await world.joins(CHI, PostRole.SUPERVISOR, "Sở Nội vụ", "Lê Thị Chi")


async def first(world: World, key: str = "I.1") -> int:
    return (await world.assignments(key))[0].id


async def status(world: World, key: str = "I.1") -> str:
    return (await world.assignments(key))[0].status


async def test_it_is_taken_on_with_one_press(world: World) -> None:
    await office(world)
    said = await world.presses(AN, f"got:{await first(world)}")
    assert "đã tiếp nhận" in said.text
    assert "I.1" in said.text
    assert await status(world) == Status.RECEIVED
    again = await world.presses(AN, f"got:{await first(world)}")
    assert "đã tiếp nhận" in again.text


async def test_a_word_on_progress_is_kept(world: World) -> None:
    await office(world)
    await world.presses(AN, f"work:{await first(world)}")
    assert await status(world) == Status.IN_PROGRESS
    said = await world.says(AN, "đã lấy ý kiến các phòng")
    assert "đã lấy ý kiến các phòng" in said.text
    assert (await world.assignments("I.1"))[0].note == "đã lấy ý kiến các phòng"


async def test_done_counts_from_the_press_and_goes_to_the_supervisor_with_its_evidence(
    world: World,
) -> None:
    await office(world)
    said = await world.presses(AN, f"done:{await first(world)}")
    assert "chuyển cho cơ quan theo dõi xác nhận" in said.text
    assert "minh chứng" in said.text
    one = (await world.assignments("I.1"))[0]
    assert (one.status, one.done_on) == (Status.REPORTED, world.now.date())
    world.restart()
    given = await world.says(AN, "Báo cáo số 123/BC-STP ngày 10/10/2026")
    assert "số 123/BC-STP ngày 10/10/2026" in given.text
    (told,) = await world.told(CHI)
    assert "Sở Tư pháp" in told.text
    assert "123/BC-STP" in told.text
    confirmed = await world.presses(CHI, told.action("Xác nhận"))
    assert "Đã xác nhận" in confirmed.text
    assert await status(world) == Status.DONE
    assert ["đã xác nhận hoàn thành" in t.text for t in await world.told(AN)] == [True]


async def test_without_evidence_the_supervisor_is_told_all_the_same(world: World) -> None:
    await office(world)
    said = await world.presses(AN, f"done:{await first(world)}")
    skipped = await world.presses(AN, said.action("Không kèm"))
    assert "không kèm tài liệu" in skipped.text
    (told,) = await world.told(CHI)
    assert "Không kèm tài liệu" in told.text


async def test_a_report_is_returned_with_a_reason(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    (told,) = await world.told(CHI)
    asked = await world.presses(CHI, told.action("Trả lại"))
    assert "lý do" in asked.text
    world.restart()
    await world.says(CHI, "thiếu phụ lục")
    one = (await world.assignments("I.1"))[0]
    assert (one.status, one.done_on) == (Status.RETURNED, None)
    (back,) = await world.told(AN)
    assert "thiếu phụ lục" in back.text
    await world.presses(AN, back.action("Đã hoàn thành"))
    assert await status(world) == Status.REPORTED
    assert len(await world.told(CHI)) == 1


async def test_without_a_supervisor_it_is_done_at_once(world: World) -> None:
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Tư pháp")
    said = await world.presses(AN, f"done:{await first(world)}")
    assert "Đã ghi hoàn thành" in said.text
    assert await status(world) == Status.DONE


async def test_a_plan_may_do_without_confirmation(world: World) -> None:
    await office(world)
    await world.sets_plan(confirmation=False)
    await world.presses(AN, f"done:{await first(world)}")
    assert await status(world) == Status.DONE


async def test_a_plan_may_insist_on_evidence(world: World) -> None:
    await office(world)
    await world.sets_plan(evidence_needed=True)
    day = world.now.date()
    said = await world.presses(AN, f"done:{await first(world)}")
    assert "yêu cầu có minh chứng" in said.text
    assert await status(world) == Status.NEW
    assert "yêu cầu có minh chứng" in (await world.says(AN, "không có")).text
    world.wait(hours=20)
    await world.says(AN, "số 5/BC-STP ngày 19/11/2026")
    one = (await world.assignments("I.1"))[0]
    assert (one.status, one.done_on) == (Status.REPORTED, day)


async def test_a_file_is_evidence_and_is_given_to_the_supervisor(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    said = await world.sends(AN, "bao-cao.pdf", b"%PDF-1.4 own")
    assert "bao-cao.pdf" in said.text
    (told,) = await world.told(CHI)
    file = await world.presses(CHI, told.action("Tải tệp"))
    assert file.answer is not None
    assert file.answer.files[0].content == b"%PDF-1.4 own"
    refused = await world.presses(BINH, told.action("Tải tệp"))
    assert refused.answer is not None
    assert not refused.answer.files


async def test_a_file_is_enough_where_the_plan_insists(world: World) -> None:
    await office(world)
    await world.sets_plan(evidence_needed=True)
    await world.presses(AN, f"done:{await first(world)}")
    await world.sends(AN, "../../../etc/bao cao.pdf", b"own")
    assert await status(world) == Status.REPORTED
    (told,) = await world.told(CHI)
    assert "Tệp: bao cao.pdf" in told.text


@pytest.mark.parametrize(
    ("name", "caption", "picture"),
    [
        ("anh.jpg", "xong I.1", True),
        ("anh.jpg", "đã hoàn thành I.1, BC số 5/BC-STP ngày 19/11/2026", True),
        ("bao-cao.pdf", "báo cáo xong nhiệm vụ I.1 ạ", False),
    ],
)
async def test_a_file_whose_words_report_is_the_evidence_of_that_report(
    world: World, name: str, caption: str, picture: bool
) -> None:
    await office(world)
    await world.sets_plan(evidence_needed=True)
    said = await world.sends(AN, name, b"own", caption, picture=picture)
    assert await status(world) == Status.REPORTED
    assert f"Tệp: {name}" in said.text
    assert "minh chứng:" not in said.text
    (told,) = await world.told(CHI)
    file = await world.presses(CHI, told.action("Tải tệp"))
    assert file.answer is not None
    assert file.answer.files[0].content == b"own"


async def test_a_file_with_a_report_that_waits_takes_the_place_of_its_file(world: World) -> None:
    await office(world)
    await world.sends(AN, "mot.jpg", b"one", "xong I.1", picture=True)
    said = await world.sends(AN, "gop.pdf", b"all", "xong I.1")
    assert "Tệp: gop.pdf" in said.text
    async with world.database.read() as session:
        (report,) = await session.exec(select(Report))
    assert report.file_name == "gop.pdf"


@pytest.mark.parametrize("caption", ["đã nhận I.1", "xong I.1 và I.3", "làm xong rồi nhé"])
async def test_a_file_that_belongs_to_no_report_is_spoken_of(world: World, caption: str) -> None:
    await office(world)
    said = await world.sends(AN, "anh.jpg", b"own", caption, picture=True)
    assert "chưa gắn vào báo cáo nào" in said.text
    assert not (world.app.options.files.parent / "evidence").exists()


async def test_a_picture_without_words_is_told_how_to_become_evidence(world: World) -> None:
    await office(world)
    assert "kèm lời báo cáo" in (await world.sends(AN, "anh.jpg", b"own", picture=True)).text
    assert "chỉ đọc được chữ" in (await world.sends(ADMIN, "anh.jpg", b"own", picture=True)).text


async def test_a_file_over_the_limit_is_refused(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    said = await world.sends(AN, "lon.zip", b"0" * (20 * 1024 * 1024 + 1))
    assert "20 MB" in said.text


@pytest.mark.parametrize(("who", "text"), [(AN, "xong I.1"), (ADMIN, "")])
async def test_a_file_that_the_channel_does_not_give_is_asked_for_again(
    world: World, who: str, text: str
) -> None:
    await office(world)

    async def fail_to_fetch() -> bytes:
        raise NotDelivered("no connection")

    file = IncomingFile("ke-hoach.docx", 1000, fail_to_fetch)
    said = await world.give(world.incoming(who, text=text, file=file))
    assert "chưa tải được tệp" in said.text
    assert await status(world) == Status.NEW


async def test_a_file_of_somebody_whose_role_has_ended_is_not_kept(world: World) -> None:
    await office(world)
    await world.joins(AN, PostRole.VIEWER)
    await world.presses(AN, f"done:{await first(world)}")
    card = await world.says(ADMIN, "/quyen Nguyễn Văn An")
    await world.presses(ADMIN, card.action("đầu mối"))
    said = await world.sends(AN, "bao-cao.pdf", b"%PDF-1.4 own")
    assert "nhờ đầu mối" in said.text
    assert not (world.app.options.files.parent / "evidence").exists()


async def test_evidence_of_a_day_to_come_is_asked_for_again(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    said = await world.says(AN, "số 7/BC-STP ngày 01/12/2026")
    assert "chưa đến" in said.text


async def test_a_question_in_between_is_answered_and_the_evidence_is_still_waited_for(
    world: World,
) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    said = await world.says(AN, "việc nào hạn 30/11?")
    assert "I.1" in said.text
    assert "số 9/BC-STP" in (await world.says(AN, "BC số 9/BC-STP")).text


async def test_evidence_after_the_supervisor_was_told_follows_in_a_message_of_its_own(
    world: World,
) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    assert len(await world.told(CHI)) == 1
    await world.says(AN, "BC số 9/BC-STP")
    (more,) = await world.told(CHI)
    assert "9/BC-STP" in more.text


async def test_nobody_reports_for_another_agency(world: World) -> None:
    await office(world)
    for action in ("got", "work", "done", "more"):
        said = await world.presses(BINH, f"{action}:{await first(world)}")
        assert "do Sở Tư pháp thực hiện" in said.text
    assert await status(world) == Status.NEW


async def test_only_the_supervisor_confirms(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    (told,) = await world.told(CHI)
    for who in (AN, BINH):
        said = await world.presses(who, told.action("Xác nhận"))
        assert "cơ quan theo dõi" in said.text
    assert await status(world) == Status.REPORTED


async def test_two_supervisors_decide_once(world: World) -> None:
    await office(world)
    await world.joins("14", PostRole.SUPERVISOR, "Sở Nội vụ", "Phạm Dũng")
    await world.presses(AN, f"done:{await first(world)}")
    (told,) = await world.told(CHI)
    (also,) = await world.told("14")
    await world.presses(CHI, told.action("Xác nhận"))
    late = await world.presses("14", also.action("Trả lại"))
    assert "đã được Lê Thị Chi xác nhận" in late.text
    assert await status(world) == Status.DONE


async def test_the_button_of_an_earlier_report_does_not_confirm_a_later_one(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    (old,) = await world.told(CHI)
    await world.presses(CHI, old.action("Trả lại"))
    await world.says(CHI, "làm lại")
    await world.presses(AN, f"done:{await first(world)}")
    said = await world.presses(CHI, old.action("Xác nhận"))
    assert "đã được Lê Thị Chi trả lại" in said.text
    assert await status(world) == Status.REPORTED


async def test_a_replayed_update_changes_nothing_twice(world: World) -> None:
    await office(world)
    incoming = world.incoming(AN, action=f"done:{await first(world)}")
    assert "minh chứng" in (await world.give(incoming)).text
    before = len(await world.audit())
    assert (await world.give(incoming)).answer is None
    assert len(await world.audit()) == before


async def test_forged_numbers_do_nothing(world: World) -> None:
    await office(world)
    before = len(await world.audit())
    for name in (
        "got",
        "work",
        "done",
        "more",
        "conf",
        "back",
        "evfile",
        "noev",
        "undo",
        "xyes",
        "gotall",
        "doneall",
    ):
        for rest in ("", "0", "-1", "999999", "9" * 40, "1;DROP", "٣", "abc", "1:2:3"):
            said = await world.presses(AN, f"{name}:{rest}")
            assert said.text
    assert len(await world.audit()) == before


async def test_a_report_is_withdrawn_within_ten_minutes(world: World) -> None:
    await office(world)
    said = await world.presses(AN, f"done:{await first(world)}")
    back = await world.presses(AN, said.action("Rút lại"))
    assert "trở lại như trước" in back.text
    one = (await world.assignments("I.1"))[0]
    assert (one.status, one.done_on) == (Status.NEW, None)
    assert await world.told(CHI) == []


async def test_a_withdrawn_report_that_was_told_is_told_of(world: World) -> None:
    await office(world)
    said = await world.presses(AN, f"done:{await first(world)}")
    (told,) = await world.told(CHI)
    await world.presses(AN, said.action("Rút lại"))
    (more,) = await world.told(CHI)
    assert "rút lại" in more.text
    late = await world.presses(CHI, told.action("Xác nhận"))
    assert "rút lại" in late.text


async def test_it_is_not_withdrawn_later_or_by_others(world: World) -> None:
    await office(world)
    said = await world.presses(AN, f"done:{await first(world)}")
    assert "không còn dùng được" in (await world.presses(BINH, said.action("Rút lại"))).text
    world.wait(minutes=11)
    assert "quá 10 phút" in (await world.presses(AN, said.action("Rút lại"))).text


async def test_a_sentence_reports(world: World) -> None:
    await office(world)
    said = await world.says(AN, "báo cáo xong nhiệm vụ I.1, BC số 123/BC-STP")
    assert "Đã ghi báo cáo" in said.text
    assert "123/BC-STP" in said.text
    assert await status(world) == Status.REPORTED


async def test_sentences_of_many_kinds_are_understood(world: World) -> None:
    await office(world)
    assert "đã tiếp nhận" in (await world.says(AN, "đã tiếp nhận nhiệm vụ I.1")).text
    assert (
        "đang chỉnh sửa"
        in (await world.says(AN, "dang thuc hien I.1: đang chỉnh sửa dự thảo")).text
    )
    await world.says(BINH, "da hoan thanh 2.1.1 roi a")
    assert await status(world, "I.2") == Status.REPORTED
    assert await status(world) == Status.IN_PROGRESS


async def test_a_question_about_done_work_is_no_report(world: World) -> None:
    await office(world)
    for text in (
        "I.1 đã hoàn thành chưa?",
        "nhiệm vụ I.1 xong chưa",
        "ai làm xong I.1",
        "việc đã hoàn thành của tôi",
    ):
        await world.says(AN, text)
    assert await status(world) == Status.NEW


async def test_a_sentence_without_a_number_offers_ones_own_tasks(world: World) -> None:
    await office(world)
    said = await world.says(AN, "báo cáo xong việc rà soát thủ tục")
    assert "nhiệm vụ nào" in said.text
    await world.presses(AN, said.action("I.1"))
    assert await status(world) == Status.REPORTED


async def test_the_next_occurrence_of_a_recurring_deadline_is_reported(world: World) -> None:
    await office(world)
    held = await world.assignments("II.1")
    await world.says(AN, "xong II.1, số 4/BC-STP")
    after = await world.assignments("II.1")
    assert [a.status for a in after].count(Status.REPORTED) == 1
    assert after[0].status == Status.REPORTED
    assert len(after) == len(held)


async def test_a_viewer_and_a_leader_report_nothing(world: World) -> None:
    await world.joins("15", PostRole.VIEWER)
    await world.joins("16", PostRole.LEADER)
    for who in ("15", "16"):
        assert "nhờ đầu mối" in (await world.says(who, "đã hoàn thành I.1")).text
    assert await status(world) == Status.NEW


async def test_an_admin_reports_for_an_agency_and_it_counts(world: World) -> None:
    await office(world)
    await world.says(ADMIN, "đánh dấu xong I.1")
    assert await status(world) == Status.DONE


async def test_a_dialogue_of_one_chat_is_not_that_of_another(world: World) -> None:
    await office(world)
    await world.says(ADMIN, "/gannhom tỉnh", group="-100")
    await world.presses(AN, f"done:{await first(world)}")
    await world.says(AN, "việc của Sở Tài chính", group="-100")
    await world.says(BINH, "việc của Sở Tài chính", group="-100")
    given = await world.says(AN, "số 8/BC-STP")
    assert "8/BC-STP" in given.text


async def test_a_dialogue_ends_after_a_day(world: World) -> None:
    await office(world)
    await world.presses(AN, f"work:{await first(world)}")
    world.wait(hours=25)
    await world.says(AN, "đang lấy ý kiến")
    assert (await world.assignments("I.1"))[0].note is None


async def test_a_dialogue_can_be_left(world: World) -> None:
    await office(world)
    await world.presses(AN, f"work:{await first(world)}")
    assert (
        "Đã ghi: đang thực hiện" in (await world.says(AN, "/huy")).text
    )  # that was noted with the press
    assert "không có việc nào đang làm dở" in (await world.says(AN, "/huy")).text


async def test_what_an_agency_became_reports_its_work(world: World) -> None:
    shown = await world.says(
        ADMIN, "/them Sở Thông tin và Truyền thông | Duy trì cổng dữ liệu | 20/12/2026"
    )
    if "cơ quan nào" in shown.text:
        shown = await world.presses(ADMIN, shown.action("Sở"))
    await world.presses(ADMIN, shown.action("Lưu"))
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Khoa học và Công nghệ")
    await world.presses(AN, f"got:{await first(world, 'BS.1')}")
    assert await status(world, "BS.1") == Status.RECEIVED


async def test_the_work_of_an_agency_that_is_no_more_is_its_successors(world: World) -> None:
    old = small_plan("44/KH-UBND")
    milestone = MilestoneRow(kind="date", last_day=date(2026, 12, 1))
    old.tasks = [
        TaskRow(
            key="I.9",
            title="Vận hành trục",
            lead=["Sở Thông tin và Truyền thông"],
            milestones=[milestone],
        )
    ]
    await load(world.database, old)
    await world.joins(AN, PostRole.FOCAL_POINT, "Sở Khoa học và Công nghệ")
    said = await world.says(AN, "đã tiếp nhận I.9")
    assert "đã tiếp nhận" in said.text
    assert await status(world, "I.9") == Status.RECEIVED


async def test_a_photo_in_place_of_a_file_is_asked_for_as_a_file(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    assert "dưới dạng tệp" in (await world.give(world.incoming(AN, other=True))).text
    assert "4/BC-STP" in (await world.says(AN, "số 4/BC-STP")).text


async def test_who_leaves_the_question_for_evidence_hears_that_the_report_stands(
    world: World,
) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    left = await world.says(AN, "/huy")
    assert "Báo cáo hoàn thành đã được ghi" in left.text
    assert await status(world) == Status.REPORTED


async def test_who_adds_no_word_hears_that_the_work_is_noted(world: World) -> None:
    await office(world)
    said = await world.presses(AN, f"work:{await first(world)}")
    left = await world.presses(AN, said.action("Không ghi thêm"))
    assert "Đã ghi: đang thực hiện" in left.text
    assert await status(world) == Status.IN_PROGRESS


async def test_a_press_after_a_gap_counts_from_its_start_and_the_supervisor_is_told(
    world: World,
) -> None:
    await office(world)
    gap_start = world.now - timedelta(hours=11)  # the evening before
    press = world.incoming(AN, action=f"done:{await first(world)}", message="7")
    await world.give(replace(press, sent_at=gap_start, after_gap=True))
    one = (await world.assignments("I.1"))[0]
    assert one.done_on == gap_start.date()
    await world.says(AN, "công văn số 12/STP")
    (told,) = await world.told(CHI)
    assert "Nút được bấm trong lúc tôi tạm nghỉ" in told.text
    assert "12/STP" in told.text


async def test_an_ordinary_press_is_not_marked(world: World) -> None:
    await office(world)
    await world.presses(AN, f"done:{await first(world)}")
    await world.says(AN, "công văn số 12/STP")
    (told,) = await world.told(CHI)
    assert "tạm nghỉ" not in told.text
