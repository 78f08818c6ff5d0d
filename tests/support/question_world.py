"""A made-up province for the tests of questions: its agencies, sections and tasks."""

from collections.abc import Sequence
from datetime import date

from language.agencies.directory import DirectoryEntry, load_standard_directory
from language.questions.question import Question
from language.questions.understanding import understand
from language.search import make_index_text, make_vocabulary

TODAY = date(2026, 9, 15)  # a Tuesday
SECTIONS = (
    "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
    "CẢI CÁCH THỂ CHẾ",
    "CẢI CÁCH THỦ TỤC HÀNH CHÍNH",
    "PHÁT TRIỂN KINH TẾ SỐ VÀ XÃ HỘI SỐ",
    "CẢI CÁCH TÀI CHÍNH CÔNG",
)
TASKS = (
    "Sơ kết công tác dân vận chính quyền năm 2026",
    "Tập huấn kỹ năng số cho tổ công nghệ số cộng đồng",
    "Rà soát quy trình nội bộ giải quyết TTHC lĩnh vực đất đai",
    "Khảo sát sự hài lòng của người bệnh nội trú",
    "Nâng cấp Cổng dịch vụ công, kết nối Trục liên thông văn bản quốc gia",
    "Sắp xếp lại cơ sở nhà, đất dôi dư sau sáp nhập",
    "Số hóa hồ sơ lưu trữ lịch sử; nhập vào CSDL dùng chung",
    "Thanh tra công vụ tại các sở, ban, ngành",
    "Đánh giá chỉ số DDCI, chỉ số PAPI của tỉnh",
    "Tuyển dụng viên chức sự nghiệp giáo dục theo Nghị định 85",
    "Bổ nhiệm vị trí lãnh đạo cấp phòng",
    "Tiếp nhận, xử lý phản ánh kiến nghị của người dân",
)
AGENCIES = (
    *(
        "Sở Nội vụ",
        "Sở Tư pháp",
        "Sở Tài chính",
        "Sở Y tế",
        "Sở Khoa học và Công nghệ",
        "Sở Giáo dục và Đào tạo",
    ),
    *(
        "Văn phòng UBND tỉnh",
        "Công an tỉnh",
        "Các sở, ban, ngành",
        "UBND cấp xã",
        "UBND xã Tân Lập",
    ),
    *(
        "Báo và Phát thanh, Truyền hình Bình Định",
        "Ban Chỉ đạo Chuyển đổi số tỉnh",
        "UBND phường Mỹ Long",
    ),
)
PLANS = ("75/KH-UBND",)
DIRECTORY = load_standard_directory().with_names(DirectoryEntry(name) for name in AGENCIES)
VOCABULARY = make_vocabulary(make_index_text(title) for title in TASKS)


def asked(text: str, asker: str | None = None, sections: Sequence[str] = SECTIONS) -> Question:
    """The question understood in this province on TODAY."""
    return understand(
        text,
        TODAY,
        asker,
        DIRECTORY,
        plan_years=2026,
        sections=sections,
        plans=PLANS,
        vocabulary=VOCABULARY,
    )
