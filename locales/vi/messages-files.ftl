## Classes of work, as tables, charts and reports name them

class-done-in-time = Hoàn thành đúng hạn
class-done-late = Hoàn thành quá hạn
class-open-in-time = Chưa hoàn thành, trong hạn
class-open-late = Chưa hoàn thành, quá hạn
class-undated = Không có ngày cụ thể
class-undated-done = Hoàn thành (không có ngày cụ thể)
class-suspended = Tạm dừng

## The status table

sheet-table = Bảng theo dõi
sheet-figures = Số liệu
sheet-number = STT
sheet-plan = Kế hoạch
sheet-section = Phần, mục
sheet-key = Số thứ tự
sheet-code = Mã chỉ tiêu
sheet-title = Nhiệm vụ
sheet-deliverables = Sản phẩm
sheet-agency = Cơ quan chủ trì
sheet-collective = Giao chung cho
sheet-partners = Cơ quan phối hợp
sheet-printed = Thời hạn ghi trong kế hoạch
sheet-last-day = Thời hạn hoàn thành
sheet-class = Kết quả
sheet-status = Tình trạng
sheet-done-on = Ngày hoàn thành
sheet-days-late = Số ngày quá hạn
sheet-document = Số, ký hiệu văn bản báo cáo
sheet-document-day = Ngày văn bản
sheet-wanted-day = Đề nghị gia hạn đến
sheet-note = Ghi chú

figures-title = SỐ LIỆU THỰC HIỆN NHIỆM VỤ
figures-day = Tính đến hết ngày { DAY($day) }; mỗi thời hạn của mỗi cơ quan tính một.
figures-chart = Kết quả thực hiện theo cơ quan
figures-agency = Cơ quan
figures-dated-total = Cộng có thời hạn
figures-undated-total = Không có ngày cụ thể
figures-reported = Trong đó chờ xác nhận
figures-extension-asked = Trong đó chờ gia hạn
figures-shared-total = Giao chung: số thời hạn
figures-shared-done = Giao chung: đã hoàn thành
figures-shared-late = Giao chung: quá hạn
figures-sum-own = Cộng nhiệm vụ giao đích danh
figures-sum-shared = Cộng nhiệm vụ giao chung
figures-sum-all = Tổng cộng
figures-note = Cơ quan xếp theo nhiệm vụ giao đích danh; nhiệm vụ giao chung ghi ở cột riêng và không dùng để so sánh.

## Files in chat and on the command line

button-file-xlsx = 📄 Tải Excel
button-file-docx = 📄 Báo cáo Word
button-file-json = Tệp kế hoạch (JSON)
file-which-format = Anh/chị lấy tệp nào: bảng Excel, báo cáo Word tháng này?
file-making-xlsx = Đang lập bảng Excel …
file-rows = Đã ghi { $count } dòng …
file-name-xlsx = bang-theo-doi
file-done-xlsx = Bảng Excel: { $count } dòng, mỗi thời hạn của mỗi cơ quan một dòng; { $late ->
    [0] không có dòng nào quá hạn
   *[other] { $late } dòng quá hạn
 }. <i>{ $about }</i>
file-nothing = Không có nhiệm vụ nào như anh/chị hỏi nên tôi chưa lập tệp. Vui lòng nêu kế hoạch hoặc cơ quan khác.
file-busy = Đang có nhiều tệp chờ lập. Anh/chị vui lòng thử lại sau ít phút.
file-too-long = Tệp này lập quá lâu nên tôi đã dừng. Anh/chị vui lòng lấy từng kế hoạch hoặc từng cơ quan.
file-broken = Tôi chưa lập được tệp. Anh/chị vui lòng thử lại; nếu vẫn vậy, báo người quản trị.
