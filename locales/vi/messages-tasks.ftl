# Tasks by command: added, changed, given, cancelled; undo; closing a plan.

may-not-add-task = Chỉ người quản trị và người theo dõi thêm được nhiệm vụ. Anh/chị vui lòng nhờ người theo dõi.
may-not-change-task = Chỉ người quản trị và người theo dõi sửa được nhiệm vụ. Anh/chị vui lòng nhờ người theo dõi.

## Which task

task-which = Anh/chị cho biết số nhiệm vụ, ví dụ: <code>/{ $command ->
    [give] giao II.4 | Sở Tài chính
    [cancel] xoa II.4 | lý do
   *[change] sua II.4
 }</code>
task-not-found = Không có nhiệm vụ nào mang số hoặc mã “{ $code }”. Anh/chị vui lòng kiểm tra số, hoặc tìm theo tên: /tim
task-several = Có nhiều nhiệm vụ “{ $code }”. Anh/chị chọn:
button-task = { $key } { $title }

## Asked one by one

task-ask-lead = Nhiệm vụ giao cơ quan nào chủ trì?
task-ask-title = Tên nhiệm vụ là gì?
task-ask-deadline = Thời hạn? Ví dụ: <i>trước 15/12/2026</i>, <i>quý I/2027</i>, <i>ngày 05 hằng tháng</i>.
task-ask-partners = Cơ quan nào phối hợp? (gõ <i>không</i> nếu không có)
task-ask-deliverables = Sản phẩm là gì? Nhiều sản phẩm cách nhau bằng dấu chấm phẩy (gõ <i>không</i> nếu không có)
task-ask-requirement = Yêu cầu, ghi chú gì? (gõ <i>không</i> nếu không có)
task-ask-plan = Nhiệm vụ thuộc kế hoạch nào?
button-own-plan = Ngoài kế hoạch, năm { $year }
deadline-not-understood = Tôi chưa đọc được thời hạn “{ $text }”. Anh/chị vui lòng ghi lại, ví dụ: <i>trước 15/12/2026</i>, <i>quý I/2027</i>, <i>ngày 05 hằng tháng</i>.

## Shown as understood

task-check-add = <b>Anh/chị xem lại trước khi lưu:</b>
task-check-change = <b>Nhiệm vụ { $key } sau khi sửa – anh/chị xem lại trước khi lưu:</b>
task-shown-title = <b>{ $title }</b>
task-shown-members = Giao cho từng cơ quan thành viên đã tham gia: { $count } cơ quan.
task-shown-deadline = <b>Thời hạn:</b> { $text }, được hiểu là:
task-shown-reminders = <b>Nhắc vào:</b> { $days }
task-shown-no-reminder = Không có ngày cụ thể để nhắc trước.
task-shown-past = ⚠️ Hạn này đã qua.
task-shown-plan = Thuộc kế hoạch: { $plan }
day-month = { DAYMONTH($day) }
button-keep = Lưu
button-field-title = Tên
button-field-deadline = Thời hạn
button-field-partners = Phối hợp
button-field-deliverables = Sản phẩm
button-field-requirement = Yêu cầu

## Stored

task-kept = Đã lưu nhiệm vụ <b>{ $key }</b>: { $title }
task-changed = Đã sửa nhiệm vụ <b>{ $key }</b>: { $title }
task-changed-meanwhile = Nhiệm vụ { $key } vừa được người khác sửa, nên tôi chưa lưu phần của anh/chị. Anh/chị xem lại nhiệm vụ rồi sửa tiếp.
task-change-what = Anh/chị sửa gì ở nhiệm vụ <b>{ $key }</b> { $title }?
task-change-how = Tôi chưa hiểu “{ $text }”. Anh/chị ghi, ví dụ: <code>/sua { $key } | hạn: 20/12/2026 | sản phẩm: báo cáo</code>
told-task-added = Nhiệm vụ mới của cơ quan ({ $name } cập nhật):
told-task-undone = Nhiệm vụ trở lại như trước thay đổi vừa báo ({ $name } hoàn tác):
told-task-add-undone = Đã bỏ nhiệm vụ vừa báo ({ $name } hoàn tác):
told-task-changed = Nhiệm vụ đã sửa ({ $name } cập nhật):
told-task-given = Đã ghi nhiệm vụ này cho cơ quan khác chủ trì ({ $name } cập nhật):
case-reason = Lý do: { $reason }
case-changed = Đã sửa: { $fields }
task-field-title = tên nhiệm vụ
task-field-deadline-text = thời hạn
task-field-partners = cơ quan phối hợp
task-field-deliverables = sản phẩm
task-field-requirement = yêu cầu
told-task-cancelled = Đã ghi hủy nhiệm vụ ({ $name } cập nhật):
cancel-by-command = Để hủy nhiệm vụ { $key }, anh/chị gõ <code>/xoa { $key }</code>.
told-task-paused = Đã ghi tạm dừng nhiệm vụ ({ $name } cập nhật):
told-task-resumed = ▶️ Đã ghi tiếp tục thực hiện nhiệm vụ ({ $name } cập nhật):
button-change = Sửa
button-give = Giao cơ quan khác
button-cancel-task = Hủy nhiệm vụ
cancel-ask-reason = Anh/chị cho biết lý do hủy (một dòng):
cancel-sure = Hủy nhiệm vụ này, lý do: { $reason }?
button-cancel-sure = Hủy nhiệm vụ
task-cancelled = Đã ghi hủy nhiệm vụ <b>{ $key }</b> { $title }, lý do: { $reason }. Nhiệm vụ vẫn được lưu lại.
task-paused = Đã tạm dừng nhiệm vụ <b>{ $key }</b> { $title }; không nhắc cho đến khi tiếp tục (<code>/sua { $key } | tiếp tục</code>).
task-resumed = ▶️ Nhiệm vụ <b>{ $key }</b> { $title } được tiếp tục.
task-pause-nothing = Nhiệm vụ { $key } không có phần nào cần đổi.

## Undo

button-undo = Hoàn tác
undo-nothing = Trong 10 phút qua anh/chị không có việc nào hoàn tác được.
undo-late = Đã quá 10 phút nên không hoàn tác được nữa.
undo-already = Việc này đã được hoàn tác rồi.
undo-changed = Sau đó đã có thay đổi khác nên không hoàn tác được nữa.
undo-done-status = Đã hoàn tác, nhiệm vụ trở lại như trước:
undo-done-added = Đã bỏ nhiệm vụ vừa thêm: <b>{ $key }</b> { $title }
undo-done-changed = Đã hoàn tác, nhiệm vụ trở lại như trước: <b>{ $key }</b> { $title }

## Settings of a plan

may-not-set-plan = Chỉ người quản trị đặt được cách theo dõi của kế hoạch. Anh/chị vui lòng nhờ người quản trị.
plan-which = Anh/chị chọn kế hoạch:
plan-head =
    <b>{ $plan }</b>
    { $title }
plan-stock = { $count } nhiệm vụ, còn { $unfinished } nhiệm vụ chưa xong.
plan-confirmation-default = • Xác nhận báo cáo: cần, khi đã có người theo dõi tham gia (mặc định)
plan-confirmation-yes = • Xác nhận báo cáo: luôn cần
plan-confirmation-no = • Xác nhận báo cáo: không cần
plan-evidence-yes = • Minh chứng khi báo cáo hoàn thành: bắt buộc
plan-evidence-no = • Minh chứng khi báo cáo hoàn thành: không bắt buộc
plan-supervisor = • Cơ quan theo dõi: { $agency }
plan-no-supervisor = • Cơ quan theo dõi: chưa đặt riêng
plan-set = Đã ghi.
plan-ask-supervisor = Cơ quan nào theo dõi kế hoạch này?
button-confirmation-yes = Luôn cần xác nhận
button-confirmation-no = Không cần xác nhận
button-confirmation-default = Xác nhận theo mặc định
button-evidence-yes = Bắt buộc minh chứng
button-evidence-no = Không bắt buộc minh chứng
button-supervisor = Cơ quan theo dõi

## Closing a plan

may-not-close-plan = Chỉ người quản trị kết thúc được kế hoạch. Anh/chị vui lòng nhờ người quản trị.
close-which = Anh/chị kết thúc kế hoạch nào?
close-no-plan = Không có kế hoạch đang thực hiện nào như vậy.
close-already = Kế hoạch { $plan } đã kết thúc ngày { DAY($day) }.
close-head = Kế hoạch <b>{ $plan }</b>: { $count } nhiệm vụ, còn <b>{ $unfinished }</b> nhiệm vụ chưa xong.
close-how = Phần chưa xong chuyển tiếp sang kế hoạch khác hay ghi “đã hủy”?
close-no-target = Muốn chuyển tiếp, anh/chị nhập kế hoạch mới trước rồi gõ lại /ketthuc.
close-sample = <b>{ $plan }</b> là kế hoạch mẫu, có { $count } nhiệm vụ. Anh/chị xóa kế hoạch mẫu?
button-remove-sample = Xóa kế hoạch mẫu
button-close = Kết thúc kế hoạch
button-carry = Chuyển tiếp sang { $plan }
button-end-all = Ghi “đã hủy” cả { $count } nhiệm vụ chưa xong
close-ask-reason = Anh/chị cho biết lý do (một dòng):
close-sure = Kết thúc kế hoạch <b>{ $plan }</b>?
close-will-carry = { $count } nhiệm vụ chưa xong chuyển tiếp sang { $plan }.
close-will-end = { $count } nhiệm vụ chưa xong được ghi “đã hủy”, không nhắc nữa.
close-reason = Lý do: { $reason }
button-close-sure = Đồng ý kết thúc
closed = ✅ Đã kết thúc kế hoạch { $plan }.
closed-carried = ✅ Đã kết thúc kế hoạch { $plan }; { $count } nhiệm vụ chuyển tiếp sang { $into }.
sample-removed = ✅ Đã xóa kế hoạch mẫu.
