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

button-file-xlsx = Tải Excel
button-file-docx = Báo cáo Word
button-file-json = Tệp kế hoạch (JSON)
file-which-format = Anh/chị lấy tệp nào: bảng Excel, báo cáo Word tháng này?
file-making-xlsx = Đang lập bảng Excel …
file-making-docx = Đang soạn báo cáo { $period } …
file-making-progress = Đang vẽ biểu đồ …
file-making-timeline = Đang vẽ biểu đồ …
file-making-ics = Đang lập lịch …
file-making-comparison = Đang tính số liệu { $period } …
file-rows = Đã ghi { $count } dòng …
file-name-xlsx = bang-theo-doi
file-name-docx = bao-cao
file-name-progress = bieu-do-tien-do
file-name-timeline = bieu-do-theo-tuan
file-name-ics = lich-thoi-han
file-done-docx = Dự thảo báo cáo { $period }: trong kỳ hoàn thành { $done }, đến hạn { $due }; còn quá hạn { $late }. <i>{ $about }</i>
file-all-states = Ở đây tính việc ở mọi trạng thái, không riêng việc “{ $state }”. Cần riêng những việc đó, anh/chị nhắn “xuất excel danh sách việc …”.
file-done-docx-blank = Số, ngày ký và người ký để trống; anh/chị xem lại trước khi trình ký.
file-done-progress = Biểu đồ tiến độ: hoàn thành { $done }/{ $count } ({ $percent }%), quá hạn { $late }. <i>{ $about }</i>
file-done-timeline = Biểu đồ theo tuần: hoàn thành { $done }/{ $count } ({ $percent }%), quá hạn { $late }. <i>{ $about }</i>
file-done-ics = Lịch { $count } thời hạn. <i>{ $about }</i>
file-done-ics-how = Anh/chị mở tệp trên điện thoại hoặc máy tính để thêm vào lịch; khi có thay đổi, lấy lại bằng /lich, lịch cũ được sửa theo.
file-done-xlsx = Bảng Excel: { $count } dòng, mỗi thời hạn của mỗi cơ quan một dòng; { $late ->
    [0] không có dòng nào quá hạn
   *[other] { $late } dòng quá hạn
 }. <i>{ $about }</i>
file-shared-left-out = Chưa đưa vào tệp được: { $count } nhiệm vụ giao chung, vì { SMALL($names) } chưa tham gia nên chưa có phần việc riêng. Người quản trị mời bằng /moi.
file-no-pdf = Tôi soạn bản Word; cần PDF, anh/chị mở tệp bằng Word rồi lưu thành PDF.
report-which-period = Báo cáo lập theo tuần, tháng, quý, 6 tháng, 9 tháng hoặc năm, ví dụ: <i>báo cáo tháng 11</i>. Cần những ngày khác, anh/chị nhắn: <i>xuất excel việc đến hạn từ 01/10 đến 15/11</i>.
file-nothing = Không có nhiệm vụ nào như anh/chị hỏi nên tôi chưa lập tệp. Vui lòng nêu kế hoạch hoặc cơ quan khác.
file-busy = Đang có nhiều tệp chờ lập. Anh/chị vui lòng thử lại sau ít phút.
file-too-long = Tệp này lập quá lâu nên tôi đã dừng. Anh/chị vui lòng lấy từng kế hoạch hoặc từng cơ quan.
file-broken = Tôi chưa lập được tệp. Anh/chị vui lòng thử lại; nếu vẫn vậy, báo người quản trị.

## Periods

period-week = tuần từ { DAYMONTH($first) } đến { DAY($last) }
period-month = tháng { $number } năm { $year }
period-quarter = quý { $number ->
    [1] I
    [2] II
    [3] III
   *[other] IV
 } năm { $year }
period-half = 6 tháng { $number ->
    [1] đầu
   *[other] cuối
 } năm { $year }
period-nine-months = 9 tháng đầu năm { $year }
period-year = năm { $year }

## The Word report

report-superior = Ủy ban nhân dân tỉnh
report-abstract = Tình hình thực hiện nhiệm vụ { $period }
report-basis = Kết quả thực hiện nhiệm vụ giao tại văn bản { $plans } như sau:
report-basis-about = Kết quả thực hiện nhiệm vụ giao tại văn bản { $plans } như sau (phạm vi: { $about }):
report-general = Tính đến hết ngày { DAY($day) }, có { $count } lượt thời hạn (mỗi thời hạn của mỗi cơ quan tính một). Đã hoàn thành { $done }, đạt { $percent }%; chưa hoàn thành và quá hạn { $late }.
report-flow = Trong { $period }: hoàn thành { $done }, đến hạn { $due }, phát sinh quá hạn { $late }.
report-compared = Số liệu kỳ trước ({ $period }) tính đến hết ngày { DAY($day) }; trong kỳ đó hoàn thành { $done }.
report-compared-none = Kỳ trước ({ $period }) chưa có số liệu.
report-column-day = Đến { DAY($day) }
report-row-total = Tổng số có thời hạn
report-row-percent = Tỷ lệ hoàn thành (%)
report-row-flow-done = Hoàn thành trong kỳ
report-row-flow-due = Đến hạn trong kỳ
report-row-flow-late = Phát sinh quá hạn trong kỳ
report-row-reported = Chờ xác nhận
report-row-extension = Chờ gia hạn
report-row-undated = Không có ngày cụ thể
report-by-agency = Kết quả của { $count } cơ quan tính đến hết ngày { DAY($day) }, xếp theo nhiệm vụ giao đích danh. Nhiệm vụ giao chung ghi ở cột cuối, không dùng để so sánh.
report-overdue = { $number ->
    [0] Không có nhiệm vụ quá hạn tính đến hết ngày { DAY($day) }.
   *[other] Có { $count } lượt thời hạn quá hạn, chưa có báo cáo hoàn thành được xác nhận, tính đến hết ngày { DAY($day) }:
 }
report-coming = { $number ->
    [0] Không có nhiệm vụ đến hạn từ nay đến hết ngày { DAY($day) }.
   *[other] Có { $count } lượt thời hạn đến hạn từ nay đến hết ngày { DAY($day) }:
 }
report-waiting = { $number ->
    [0] Không có đề nghị gia hạn, báo cáo bị trả lại hoặc chờ xác nhận tính đến hết ngày { DAY($day) }.
   *[other] Có { $count } đề nghị gia hạn, báo cáo bị trả lại hoặc chờ xác nhận tính đến hết ngày { DAY($day) }:
 }
report-cut = Bảng dưới đây ghi { $shown } trong { $count } dòng, quá hạn lâu nhất trước; đầy đủ xem bảng Excel kèm theo.
report-appendix-title = Danh mục nhiệm vụ { $period }
report-appendix-cut = Phụ lục ghi { $shown } trong { $count } dòng, quá hạn lâu nhất trước; đầy đủ xem bảng Excel kèm theo.
report-wanted = đề nghị đến { DAY($day) }
report-wanted-any = đề nghị gia hạn
report-closing = Trên đây là báo cáo tình hình thực hiện nhiệm vụ, kính trình xem xét, chỉ đạo./.
report-recipient-superior = - { $name };
report-recipient-file = - Lưu: VT.
report-signing = THỦ TRƯỞNG CƠ QUAN
report-future = Chưa đến { $period } nên chưa có số liệu. Anh/chị vui lòng chọn kỳ đã bắt đầu.
report-nothing = Chưa có số liệu của { $period }: sổ nhiệm vụ không có nhiệm vụ nào trong kỳ này. Anh/chị vui lòng nêu kế hoạch hoặc kỳ khác.
report-template-unreadable = Không mở được mẫu báo cáo { $path }. Người quản trị vui lòng xem lại tệp trong cài đặt REPORT_TEMPLATE.
report-template-name = Mẫu báo cáo { $path } có tên “{ $name }” mà chương trình không biết. Người quản trị vui lòng sửa mẫu.
report-template-wrong = Mẫu báo cáo { $path } ghi sai ở chỗ “{ $place }”. Người quản trị vui lòng sửa mẫu.

## Charts

chart-progress = Tiến độ thực hiện nhiệm vụ theo cơ quan
chart-timeline = Nhiệm vụ đến hạn theo tuần
chart-axis = Số lượt thời hạn (mỗi thời hạn của mỗi cơ quan tính một)
chart-axis-week = Tuần bắt đầu từ thứ Hai
chart-today = hôm nay
chart-others = { $count } cơ quan khác
chart-shared = Nhiệm vụ giao chung
chart-sums = Ngày { DAY($day) }: hoàn thành { $done }/{ $count } ({ $percent }%), quá hạn { $late }
chart-beyond = hoàn thành { $done }/{ $count }, quá hạn { $late } →
chart-missing = Máy chủ chưa cài phần vẽ biểu đồ; người quản trị cài bằng lệnh: pip install 'nhacviec[charts]'.

## The calendar

calendar-name = Thời hạn nhiệm vụ – { $about }
calendar-title = { $done }Hạn { $key } – { $title }
calendar-done = ✓{ " " }
calendar-too-large = Có hơn { $most } thời hạn, quá nhiều cho một lịch. Anh/chị vui lòng nêu cơ quan, ví dụ: <code>/lich Sở Tư pháp</code>.
calendar-text = { $agency }. Giao tại { $plan }. Tình trạng: { $status }.

## A period compared with the one before

compare-head = <b>{ CAPITAL($period) }</b> so với { $before }. <i>{ $about }</i>
compare-done = Hoàn thành: <b>{ $now }</b> ({ $earlier })
compare-came-due = Đến hạn: <b>{ $now }</b> ({ $earlier })
compare-became-late = Phát sinh quá hạn: <b>{ $now }</b> ({ $earlier })
compare-open-late = Còn quá hạn cuối kỳ: <b>{ $now }</b> ({ $earlier })
compare-before = kỳ trước { $before }, { $change }
compare-before-none = kỳ trước chưa có số liệu
compare-foot = Số liệu đến hết ngày { DAY($day) }; kỳ trước đến hết ngày { DAY($before) }. Lấy báo cáo Word bằng /baocao.
