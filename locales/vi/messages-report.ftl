# Reports, confirmation, requests for more time.

## What it is about

case-task = <b>{ $key }</b> { $title }
case-agency = { $agency } – hạn { $when }
case-due = Hạn: { $when }
case-plan-closed = Kế hoạch này đã kết thúc, không ghi thêm được.
case-cancelled = Nhiệm vụ { $key } đã hủy.
may-not-report = Nhiệm vụ này do { $agency } thực hiện. Anh/chị vui lòng nhờ đầu mối hoặc người đứng đầu cơ quan đó báo cáo.
may-not-extend = Nhiệm vụ này do { $agency } thực hiện. Anh/chị vui lòng nhờ đầu mối hoặc người đứng đầu cơ quan đó đề nghị gia hạn.
may-not-confirm = Việc xác nhận và gia hạn nhiệm vụ của { $agency } do cơ quan theo dõi quyết định. Anh/chị vui lòng nhờ người theo dõi.
may-not-evidence = Anh/chị không xem được tệp này. Vui lòng hỏi cơ quan chủ trì hoặc người theo dõi.

## Taken on, under way

button-work = Đang thực hiện
button-withdraw = Rút lại
button-no-word = Không ghi thêm
report-received = ✅ Đã ghi: đã tiếp nhận.
report-working = Đã ghi: đang thực hiện.
report-ask-progress = Anh/chị cho biết ngắn gọn tình hình, ví dụ: <i>đã lấy ý kiến các sở, đang hoàn thiện dự thảo</i>.
progress-left = Đã ghi: đang thực hiện. Anh/chị không ghi thêm.
report-progress-noted = Đã ghi tình hình: { $word }

## Done

report-sent = ✅ Đã ghi báo cáo hoàn thành, tính từ { HOUR($at) } ngày { DAY($day) }; tôi chuyển cho cơ quan theo dõi xác nhận.
report-kept = ✅ Đã ghi báo cáo hoàn thành, tính từ { HOUR($at) } ngày { DAY($day) }; sau { $minutes } phút tôi chuyển cho cơ quan theo dõi xác nhận.
report-finished = ✅ Đã ghi hoàn thành, tính từ { HOUR($at) } ngày { DAY($day) }.
report-past-hour = Báo cáo sau giờ hạn ({ $hour } cùng ngày); thống kê tính theo ngày nên vẫn là đúng hạn.
report-evidence-needed = Kế hoạch này yêu cầu có minh chứng thì mới ghi hoàn thành; báo cáo vẫn tính từ lúc anh/chị vừa báo.
report-ask-evidence = Anh/chị gửi minh chứng: số và ngày văn bản (ví dụ: <i>Báo cáo số 45/BC-STP ngày 10/10/2026</i>), tệp, đường dẫn hoặc một dòng ghi chú.
    .typed = Anh/chị gửi minh chứng: số và ngày văn bản (ví dụ: <i>Báo cáo số 45/BC-STP ngày 10/10/2026</i>), ảnh, đường dẫn hoặc một dòng ghi chú.
button-no-evidence = Không kèm tài liệu
button-evidence-file = Tải tệp
evidence-number-day = Văn bản: số { $number } ngày { DAY($day) }
evidence-number = Văn bản: số { $number }
evidence-day = Văn bản ngày { DAY($day) }
evidence-link = Đường dẫn: { $link }
evidence-file = Tệp: { $name }
evidence-note = Ghi chú: { $note }
evidence-none = Không kèm tài liệu.
evidence-future = Ngày của văn bản chưa đến. Anh/chị vui lòng kiểm tra và gửi lại.
send-as-file = Tôi chưa đọc được ảnh, ghi âm gửi kiểu này. Anh/chị gửi lại dưới dạng tệp, hoặc gõ chữ.
    .typed = Tôi chưa đọc được tin gửi kiểu này. Anh/chị gửi số văn bản, ảnh, đường dẫn hoặc một dòng ghi chú; dừng: /huy.
evidence-file-too-large = Tệp lớn quá { $megabytes } MB. Anh/chị vui lòng gửi tệp nhỏ hơn, hoặc gửi số văn bản, đường dẫn.
evidence-file-left-out = Tệp gửi kèm chưa gắn vào báo cáo nào. Anh/chị báo cáo xong thì gửi lại tệp làm minh chứng.
    .typed = Ảnh gửi kèm chưa gắn vào báo cáo nào. Anh/chị báo cáo xong thì gửi lại ảnh làm minh chứng.
evidence-file-lost = Không còn tệp { $name } trên máy chủ. Anh/chị báo người quản trị.
evidence-kept-waiting = Đã ghi minh chứng; tôi chuyển báo cáo cho cơ quan theo dõi.
evidence-kept = Đã ghi minh chứng.
evidence-left = Báo cáo hoàn thành đã được ghi, chưa kèm tài liệu.
evidence-skipped-waiting = Đã ghi báo cáo không kèm tài liệu; tôi chuyển cho cơ quan theo dõi xác nhận.
evidence-skipped = Đã ghi, không kèm tài liệu.
report-none-to-receive = Không còn việc nào chờ anh/chị tiếp nhận.
report-all-received = ✅ Đã ghi: đã tiếp nhận { $count } việc.
report-none-to-report = Không còn việc nào anh/chị cần báo cáo ở đây.
report-all-sure = Anh/chị báo cáo hoàn thành cả <b>{ $count } việc</b> này?
button-all-done = Đúng, hoàn thành cả { $count } việc
report-all-done = ✅ Đã ghi hoàn thành { $count } việc.
report-all-left = { $count } việc phải kèm minh chứng nên chưa ghi; anh/chị báo cáo từng việc:

## How it stands already

standing-reported =
    { $task }
    { $name } đã báo cáo lúc { HOUR($at) } ngày { DAY($at) }, đang chờ xác nhận.
standing-done =
    { $task }
    { $agency } đã hoàn thành ngày { DAY($day) }.
standing-other =
    { $task }
    Hiện nay: { $status }.
standing-confirmed =
    { $task }
    Báo cáo này đã được { $name } xác nhận.
standing-returned =
    { $task }
    Báo cáo này đã được { $name } trả lại.
standing-withdrawn =
    { $task }
    Báo cáo này đã được { $name } rút lại.
standing-granted =
    { $task }
    Đề nghị này đã được { $name } đồng ý gia hạn đến { DAY($day) }.
standing-refused =
    { $task }
    Đề nghị này đã được { $name } trả lời không đồng ý.

## The supervisor

button-confirm = Xác nhận
button-return = Trả lại
told-report = <b>{ $agency }</b> báo cáo hoàn thành ({ $name }, { HOUR($at) } ngày { DAY($at) }):
told-report-after-gap = ⚠️ Nút được bấm trong lúc tôi tạm nghỉ nên không rõ giờ bấm; báo cáo tính từ { HOUR($at) } ngày { DAY($at) }. Vui lòng hỏi lại cơ quan nếu cần.
told-finished = ✅ { $name } đã báo cáo hoàn thành:
confirm-done = ✅ Đã xác nhận hoàn thành:
told-confirmed = ✅ { $name } đã xác nhận hoàn thành:
return-ask-reason = Anh/chị cho biết lý do trả lại (một dòng):
return-done = Đã trả lại, lý do: { $reason }
told-returned = { $name } trả lại báo cáo, lý do: <b>{ $reason }</b>
told-withdrawn = { $agency } ({ $name }) đã rút lại báo cáo hoàn thành:

## More time

extend-ask-day = Anh/chị đề nghị gia hạn đến ngày nào? Bấm nút hoặc gõ ngày:
    .typed = Anh/chị đề nghị gia hạn đến ngày nào? Trả lời bằng số hoặc gõ ngày:
extend-right = Đề nghị gia hạn đến hết <b>{ WEEKDAY($day) } { DAY($day) }</b> – đúng không ạ?
extend-ask-reason = Sắp ghi đề nghị gia hạn đến hết <b>{ WEEKDAY($day) } { DAY($day) }</b>. Anh/chị cho biết lý do (một dòng) để ghi:
extend-not-later = Ngày { DAY($day) } không sau hạn hiện nay ({ DAY($last) }). Anh/chị vui lòng chọn ngày khác.
extend-past = Ngày { DAY($day) } đã qua. Anh/chị chọn ngày khác.
extend-too-far = Ngày { DAY($day) } xa quá. Anh/chị vui lòng kiểm tra lại năm.
extend-undated =
    { $task }
    Nhiệm vụ này không có thời hạn cụ thể nên không cần gia hạn.
extend-waits =
    { $task }
    { $name } đã đề nghị gia hạn đến { DAY($day) }, đang chờ trả lời.
extend-sent = Đã ghi đề nghị gia hạn từ hạn { DAY($last) } sang hết { WEEKDAY($day) } { DAY($day) }, lý do: { $reason }
extend-meanwhile = Trong khi chờ trả lời, hạn cũ vẫn tính.
extend-nobody = Chưa có người theo dõi nào nhận được tin; anh/chị liên hệ trực tiếp với người quản trị.
told-extension = <b>{ $agency }</b> ({ $name }) đề nghị gia hạn từ { DAY($last) } đến <b>{ WEEKDAY($day) } { DAY($day) }</b>, lý do: { $reason }
button-grant = Đồng ý
button-other-day = Đổi ngày
button-refuse = Không đồng ý
button-no-document = Không có văn bản
grant-ask-document = Sắp ghi gia hạn đến hết <b>{ WEEKDAY($day) } { DAY($day) }</b>. Anh/chị gửi số văn bản đồng ý (ví dụ: <i>567/UBND-NC</i>), hoặc bấm Không có văn bản để ghi.
    .typed = Sắp ghi gia hạn đến hết <b>{ WEEKDAY($day) } { DAY($day) }</b>. Anh/chị gửi số văn bản đồng ý (ví dụ: <i>567/UBND-NC</i>), hoặc chọn “Không có văn bản” để ghi.
grant-ask-day = Cơ quan đề nghị đến { DAY($wanted) }. Anh/chị đồng ý đến ngày nào?
grant-document = Văn bản: { $document }
grant-no-document = Không có văn bản kèm theo.
grant-done = ✅ Đã ghi gia hạn đến hết { WEEKDAY($day) } { DAY($day) } (hạn trước đó: { DAY($first) }).
told-granted = ✅ Đã ghi gia hạn đến hết <b>{ WEEKDAY($day) } { DAY($day) }</b> ({ $name } đồng ý):
refuse-ask-reason = Anh/chị cho biết lý do không đồng ý (một dòng):
refuse-done = Đã trả lời không đồng ý, lý do: { $reason }
told-refused = { $name } không đồng ý gia hạn đến { DAY($day) }, lý do: <b>{ $reason }</b>

## Wishes in a sentence

wish-each = Câu này nói nhiều nhiệm vụ, tôi chưa ghi gì. Anh/chị vui lòng chọn từng nhiệm vụ:
wish-which = Tôi chưa ghi gì. Anh/chị muốn nói nhiệm vụ nào?
statement-done = Tôi chưa ghi gì. Nếu anh/chị báo đã hoàn thành nhiệm vụ này, vui lòng bấm nút dưới đây hoặc gõ <i>đúng</i>; số văn bản gửi ngay sau đó.
    .typed = Tôi chưa ghi gì. Nếu anh/chị báo đã hoàn thành nhiệm vụ này, vui lòng trả lời bằng số dưới đây; số văn bản gửi ngay sau đó.
statement-received = Tôi chưa ghi gì. Nếu anh/chị đã tiếp nhận nhiệm vụ này, vui lòng bấm nút dưới đây hoặc gõ <i>đúng</i>.
    .typed = Tôi chưa ghi gì. Nếu anh/chị đã tiếp nhận nhiệm vụ này, vui lòng trả lời bằng số dưới đây.
statement-progress = Tôi chưa ghi gì. Nếu anh/chị đang thực hiện nhiệm vụ này, vui lòng bấm nút dưới đây hoặc gõ <i>đúng</i>.
    .typed = Tôi chưa ghi gì. Nếu anh/chị đang thực hiện nhiệm vụ này, vui lòng trả lời bằng số rồi ghi tình hình.
statement-which = Tôi chưa ghi gì vì chưa rõ anh/chị nói nhiệm vụ nào. Vui lòng ghi kèm số của nhiệm vụ, ví dụ: <i>II.4 đã hoàn thành</i>.
statement-settled = Nhiệm vụ { $task } không còn phần nào chờ anh/chị báo cáo.
statement-decide = Đang chờ anh/chị quyết định:
statement-nothing-waits = Nhiệm vụ { $task } không có báo cáo hay đề nghị gia hạn nào đang chờ.
wish-whose = Nhiệm vụ này giao nhiều cơ quan. Anh/chị ghi cho cơ quan nào?
wish-other-agency = Câu này ghi tên cơ quan khác, tôi chưa ghi gì. Anh/chị có ghi cho cơ quan dưới đây không?

## What waits for a decision, and the papers of a task

queue-head = <b>Chờ xử lý</b>
queue-reports-decide = Báo cáo chờ anh/chị xác nhận: { $count }
queue-reports-own = Báo cáo đang chờ cơ quan theo dõi xác nhận: { $count }
queue-extensions-decide = Đề nghị gia hạn chờ trả lời: { $count }
queue-extensions-own = Đề nghị gia hạn chưa được trả lời: { $count }
queue-returned-decide = Đã trả lại, cơ quan chưa báo cáo lại: { $count }
queue-returned-own = Bị trả lại, cần báo cáo lại: { $count }
queue-line = { $number }. <b>{ $key }</b> { $title } – { $agency }, từ { DAY($day) }
queue-not-joined = Cơ quan có nhiệm vụ mà chưa có đầu mối: { $count } ({ $names }{ $more ->
    [0] { "" }
   *[other] {" "}và { $more } cơ quan khác
 }). Mời: /moi tất cả
collectives-not-joined = { $names }: việc giao chung, chưa cơ quan nào trong nhóm tham gia nên chưa ai được nhắc.
queue-empty = Không có gì chờ xử lý.
may-not-see-queue = Chỉ người theo dõi, người quản trị và người của cơ quan chủ trì xem được việc chờ xử lý. Anh/chị vui lòng nhờ người theo dõi.
task-paper = • { $agency }: { $paper }
task-asks-time = • { $agency } đề nghị gia hạn đến hết { DAY($day) }: { $reason }
