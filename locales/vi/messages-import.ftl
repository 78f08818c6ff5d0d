## Plans from files

file-missing = Không mở được tệp { $path }; vui lòng kiểm tra lại đường dẫn.
file-too-large = Tệp quá lớn; vui lòng gửi tệp không quá { $megabytes } MB.
plan-format-fault = Tệp không đúng định dạng kế hoạch: lỗi tại { $place } ({ $reason }); vui lòng sửa chỗ đó rồi nhập lại.
plan-fault-missing = thiếu nội dung bắt buộc
plan-fault-extra = tên trường không có trong định dạng
plan-fault-choice = giá trị không nằm trong các giá trị cho phép
plan-fault-day = ngày không hợp lệ
plan-fault-list = phải là một danh sách
plan-fault-long = quá dài
plan-fault-text = phải là một dòng chữ
plan-fault-number = số không hợp lệ
plan-fault-duplicate = số nhiệm vụ bị trùng
plan-fault-encoding = tệp không phải UTF-8
plan-fault-json = không phải JSON
plan-fault-form = sai dạng
no-plan = Chưa có kế hoạch nào trong sổ nhiệm vụ. Người quản trị gửi tệp kế hoạch vào đây để nhập.
    .typed = Chưa có kế hoạch nào trong sổ nhiệm vụ. { import-how.typed }
which-plan = Không rõ kế hoạch “{ $name }”; các kế hoạch hiện có: { $plans }.
which-plan-unnamed = Có nhiều kế hoạch, vui lòng nêu số: { $plans }.
import-reading = Đang đọc tệp { $name } …
import-rows = Đang đọc tệp { $name }: đã được { $count } nhiệm vụ …
import-into = Anh/chị gửi văn bản sửa đổi, bổ sung kế hoạch { $plan } vào đây; tôi sẽ nhập vào kế hoạch đó.
    .typed = Ở đây không gửi được tệp: đề nghị người cài đặt nhập văn bản sửa đổi kế hoạch { $plan } bằng lệnh <code>import --into</code>. Nhiệm vụ lẻ thì gõ /them, /sua.
import-head = <b>{ $title }</b> (số { $number })
import-no-number = chưa ghi
import-nothing-new = Không có gì thay đổi: { $count } nhiệm vụ đều đã có như vậy trong sổ.
import-count = Đọc được <b>{ $count } nhiệm vụ</b>{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } mốc nêu ngoài bảng
 }.
import-lead = • { $agency }: { $count } nhiệm vụ
import-kinds = Thời hạn: { $kinds }.
import-statuses = Theo bảng theo dõi: { $statuses }.
import-status-done = { $count } việc đã xong
import-status-in_progress = { $count } việc đang làm
import-status-suspended = { $count } việc tạm dừng
import-status-cancelled = { $count } việc đã hủy
import-kind-date = { $count } ngày cụ thể
import-kind-period = { $count } theo tháng, quý, năm
import-kind-recurring = { $count } định kỳ
import-kind-relative = { $count } tính từ một sự kiện
import-kind-ongoing = { $count } thường xuyên
import-kind-regulation = { $count } theo quy định
import-kind-unread = { $count } chưa đọc được
import-kind-with = { $count } báo cáo kèm
import-no-deadline = Không nhiệm vụ nào ghi thời hạn.
import-new-plan = Đây là kế hoạch mới, chưa có trong sổ.
import-compared = So với sổ: { $new } mới, { $changed } thay đổi{ $renumbered ->
    [0] { "" }
   *[other] { " " }(trong đó { $renumbered } đổi số)
 }, { $gone } không còn trong văn bản, { $unchanged } giữ nguyên{ $unsure ->
    [0] { "" }
   *[other] , { $unsure } chưa rõ có phải việc cũ không
 }.
import-added = + { $key } { $title }
import-changed = ± { $key } { $title } (đổi: { $fields })
import-renumbered = ± { $old } → { $key } { $title }{ $count ->
    [0] { "" }
   *[other] { " " }(đổi: { $fields })
 }
import-unsure = ? Trong sổ: { $old-key } “{ $old-title }” ({ $old-lead }; { $old-time }){ "" }
    Trong văn bản: { $new-key } “{ $new-title }” ({ $new-lead }; { $new-time })
import-unsure-question = { $new } trong văn bản có phải là việc { $old } trong sổ, chỉ sửa lại lời không? Nếu là việc cũ, tình trạng và báo cáo đã gửi được giữ; nếu là việc khác, nhiệm vụ được ghi mới, chưa hoàn thành.
import-undecided = Chưa ghi gì: { $count } nhiệm vụ chưa rõ có phải nhiệm vụ cũ trong sổ không. Vui lòng nhập trong cửa sổ dòng lệnh không kèm --yes, hoặc gửi tệp cho Nhắc việc, rồi trả lời từng câu hỏi.
import-gone = − { $key } { $title }
field-section = mục
field-title = tên
field-code = mã
field-lead = cơ quan chủ trì
field-partners = cơ quan phối hợp
field-deliverables = sản phẩm
field-requirement = yêu cầu
field-deadline-text = thời hạn ghi
field-milestones = thời hạn
field-done-on = ngày hoàn thành
field-status = tình trạng
field-status-text = tình trạng ghi
field-other-times = mốc khác
field-doubt = điểm chưa chắc
field-conflict = mâu thuẫn thời hạn
import-doubts = <b>{ $count } điểm chưa chắc</b>, đề nghị xem lại:
unread-count = <b>{ $count } đoạn chưa thành nhiệm vụ</b> dù có vẻ giao việc hoặc ghi thời hạn; anh/chị xem lại, cần nhắc thì thêm bằng /them:
unread-line = • { $where }: { $text }
import-past = <b>{ $count } thời hạn đã qua</b> tính đến hôm nay; nếu không chọn khác, các việc này được coi là chưa xong.
import-question = Tệp Excel kèm theo có đủ các dòng, chỗ chưa chắc được tô màu. Nhập kế hoạch này?
import-excel = Anh/chị sửa trong tệp Excel vừa nhận, lưu lại rồi gửi vào đây; bản sửa sẽ được đọc như kế hoạch.
import-written = Đã ghi { $count } nhiệm vụ vào sổ.
import-done = Đã ghi vào sổ: { $new } nhiệm vụ mới, { $changed } thay đổi, { $unchanged } giữ nguyên.
import-sample-there = Kế hoạch mẫu vẫn còn trong sổ; khi không cần nữa, anh/chị gõ <code>/ketthuc { $plan }</code> để gỡ bỏ.
import-not-allowed = Chỉ người quản trị được nhập hoặc xuất kế hoạch. Anh/chị vui lòng nhờ người quản trị.
import-how = Anh/chị gửi tệp kế hoạch (.docx, .xlsx, .pdf hoặc .json, không quá 20 MB) vào đây; tôi đọc, cho xem trước rồi mới ghi.
    .typed = Ở đây không gửi được tệp: đề nghị người cài đặt nhập kế hoạch bằng lệnh <code>import</code> trên máy chạy Nhắc việc. Nhiệm vụ lẻ thì người quản trị gõ /them.
export-done = Kế hoạch có { $count } nhiệm vụ, trong tệp kèm theo.
button-import = Nhập
button-import-and-cancel = Nhập và hủy nhiệm vụ không còn
button-import-past-done = Nhập, việc đã qua hạn coi là đã xong
button-same-task = Đúng việc cũ
button-other-task = Việc khác
button-all-same-tasks = Tất cả đều là việc cũ
button-excel = Sửa bằng Excel
button-drop = Bỏ

## Doubts, with their place

doubt-line = • { $doubt }
doubt-of-task = { $key }: { $doubt }
doubt-in-row = { $key } (dòng { $row }): { $doubt }
doubt-of-tasks = { $keys }: { $doubt }
doubt-of-tasks-and-more = { $keys } và { $count } nhiệm vụ khác: { $doubt }

## Stored deadlines that read otherwise

reread-none = Mọi thời hạn trong sổ đều khớp với lời văn; không có ngày nào cần xác nhận.
reread-head = <b>{ $count } thời hạn</b> trong sổ nay được đọc khác với ngày đã ghi. Anh/chị xem từng việc rồi chọn:
reread-line = • <b>{ $key }</b> { $title } ({ $plan }): “{ $text }”
    Đã ghi: { $stored } → nay đọc là: <b>{ $read }</b>
reread-more = Còn { $count } thời hạn nữa, hiện sau khi chọn xong các việc trên.
reread-changed = Đã đổi ngày của { $count } việc; Nhắc việc nhắc theo ngày mới.
reread-kept = Việc { $key } giữ nguyên ngày đã ghi; Nhắc việc không hỏi lại.
button-reread = Đổi { $key }
button-reread-keep = Giữ { $key }
button-reread-all = Đổi cả { $count } việc trên
