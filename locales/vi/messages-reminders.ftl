# What the bot says by itself: reminders, digests, escalations; and the commands about them.

## The morning message

remind-head = 🔔 <b>Nhắc việc { WEEKDAY($day) } { DAY($day) }</b>: { $count } việc
remind-head-agency = 🔔 <b>Nhắc việc { WEEKDAY($day) } { DAY($day) }</b> – { $agency }: { $count } việc
remind-again = <i>(gửi lại)</i>
remind-section =
    { "" }
    { $heading }
remind-section-overdue =
    { "" }
    🔴 <b>Quá hạn ({ $count })</b>
remind-section-today = { $mark } <b>Hạn hôm nay, { WEEKDAY($day) } { DAY($day) }</b>
remind-section-tomorrow = { $mark } <b>Hạn ngày mai, { WEEKDAY($day) } { DAY($day) }</b>
remind-section-day = { $mark } <b>Hạn { WEEKDAY($day) } { DAY($day) }</b> – còn { $left } ngày
remind-printed = kế hoạch ghi “trước { DAY($day) }”
remind-practical = ngày nghỉ ({ $name }), nên gửi trong ngày { WEEKDAY($day) } { DAYMONTH($day) }
remind-practical-today = ngày nghỉ ({ $name }), nên gửi trong hôm nay
remind-asked =
    { "" }
    <b>{ $count } việc { $days } ngày làm việc chưa có thông tin</b>: { $keys }{ $more ->
        [0] { "" }
       *[other] {" "}và { $more } việc khác
     }. Đề nghị anh/chị cho biết tình hình.
button-asked = Trả lời { $count } việc chưa có thông tin
asked-head = { $count } việc chưa có thông tin. Anh/chị trả lời chung một lần, hoặc bấm từng việc:
    .typed = { $count } việc chưa có thông tin. Anh/chị trả lời chung một lần, hoặc chọn từng việc:
asked-noted = Đã ghi { $count } việc đang thực hiện.
button-work-all = Đang thực hiện cả { $count } việc
remind-section-stead =
    { "" }
    ⚠️ <b>Chưa nhắc được cơ quan chủ trì (không có đầu mối nhận được tin), đề nghị anh/chị báo cơ quan</b>
remind-line = • <b>{ $key }</b> { $title }{ $agency } – { $when }
remind-key = { $key }
remind-key-plan = { $key } (KH { $plan })
remind-agency = {" "}– { $agency }
remind-left = { WEEKDAY($day) } { DAYMONTH($day) }, còn { $count } ngày
remind-today = { WEEKDAY($day) } { DAYMONTH($day) }, <b>hôm nay</b>
remind-late = { WEEKDAY($day) } { DAY($day) }, <b>quá hạn { $count } ngày</b>
remind-start = bắt đầu kỳ thực hiện
remind-returned = báo cáo bị trả lại, cần làm lại
remind-waits = đang chờ trả lời đề nghị gia hạn đến { DAY($day) }
remind-more =
    { "" }
    … và { $count } việc khác, bấm nút dưới đây để xem.
    .typed =
        { "" }
        … và { $count } việc khác, trả lời bằng số để xem.

## Buttons

button-got = ✅ Đã tiếp nhận
button-done = ✅ Đã hoàn thành
button-more = Đề nghị gia hạn
button-later = Nhắc lại ngày mai
button-show = Chi tiết
button-pick = Chọn việc
button-all = Tất cả

## Escalation, groups

escalation-head = ⚠️ <b>Báo cáo việc quá hạn</b>, sáng { DAY($day) }: { $count } việc chưa có báo cáo hoàn thành
escalation-section =
    { "" }
    <b>{ $agency }</b> – quá hạn { $late } ngày làm việc ({ $count } việc)
missed-head = 🔴 <b>Sáng { DAY($day) }</b>: { $count } việc quá hạn, chưa có báo cáo hoàn thành
missed-section =
    { "" }
    <b>{ $agency }</b> ({ $count } việc)
digest-head = <b>Tổng hợp { WEEKDAY($day) } { DAY($day) }</b> – { $scope }
digest-plan = kế hoạch { $plan }
digest-province = toàn tỉnh
digest-overdue = 🔴 Quá hạn: <b>{ $count }</b> ({ $agencies })
digest-due = 🟡 Đến hạn trong { $days } ngày tới: <b>{ $count }</b> ({ $agencies })
digest-agency = { $agency } { $count }
digest-agencies = { $agencies }
digest-agencies-more = { $agencies } và { $count } cơ quan khác
digest-worst =
    { "" }
    <b>{ $count } việc cần chú ý nhất:</b>

## Words to the admins

alarm-group-lost = ⚠️ Tôi không còn gửi được vào nhóm <b>{ $chat }</b> (bị đưa ra khỏi nhóm hoặc nhóm đã giải tán). Nhóm này ngừng nhận tổng hợp; muốn nhận lại, đưa Nhắc việc vào nhóm rồi gõ /gannhom.
alarm-notice-late = ⚠️ Từ { DAY($day) } chưa gửi được tin cho <b>{ $chat }</b> ({ $reason }); tôi vẫn đang thử lại. Xem /guitin.
alarm-quota-spent = ⚠️ Từ { DAY($day) } đã hết số tin { $channel } của tháng: ai chỉ dùng kênh này chưa nhận được tin nhắc. Danh sách: /guitin. Tôi gửi tiếp khi có số tin mới.
alarm-notice-failed = ⚠️ Tin ngày { DAY($day) } gửi <b>{ $chat }</b> không gửi được và đã dừng thử lại ({ $reason }). Xem /guitin.
alarm-repaired = ⚠️ Kiểm tra định kỳ: còn thiếu { $count } dòng nhắc việc của ngày { DAY($day) }, đã bổ sung. Xem /guitin.
alarm-stuck = ⚠️ Kiểm tra định kỳ: { $count } tin quá lâu chưa gửi xong. Xem /guitin.

## Picking a task

button-pick-task = { $key } · { DAYMONTH($day) } · { $title }
button-page-before = ◀ Trước
button-page-after = Sau ▶
button-got-all = ✅ Đã tiếp nhận tất cả
button-done-all = ✅ Đã hoàn thành tất cả
button-later-all = Nhắc lại tất cả ngày mai
pick-which = Anh/chị chọn việc:
pick-page = Anh/chị chọn việc ({ $count } việc, trang { $page }/{ $pages }):
pick-nothing = Các việc trong tin này đều đã hoàn thành, đang chờ xác nhận hoặc không còn phải làm.
pick-status = Tình trạng: <b>{ $status }</b>
pick-all = Với cả <b>{ $count }</b> việc trong tin này, anh/chị muốn:
later-one = Đã ghi: việc <b>{ $key }</b> sẽ được nhắc lại { WEEKDAY($day) } { DAY($day) }.
later-all = Đã ghi: { $count } việc sẽ được nhắc lại { WEEKDAY($day) } { DAY($day) }.
later-toast = Nhắc lại { WEEKDAY($day) } { DAYMONTH($day) }
later-not-open = Việc <b>{ $key }</b> hiện { $status }, không cần nhắc nữa.

## /nhacnho

reminders-head = 🔔 <b>Lịch nhắc việc</b>
reminders-hour = • Giờ nhắc: <b>{ $at }</b> các ngày làm việc; không nhắn ngoài { $opens }–{ $closes } và ngày nghỉ.
reminders-steps = • Trước hạn: { $steps }; kế hoạch hoặc nhiệm vụ có thể đặt riêng.
reminders-after = • Quá hạn: ngày làm việc kế tiếp, sau đó ba ngày làm việc một lần; quá 30 ngày thì thứ Hai hằng tuần.
reminders-muted = • Đang tạm dừng đến hết { WEEKDAY($day) } { DAY($day) }; /tamdung thôi để nhận lại ngay.
reminders-people = • Đầu mối { $agency }: { $names }
reminders-coming =
    { "" }
    <b>Các tin nhắc sắp tới</b>
reminders-none-coming =
    { "" }
    Trong { $days } ngày tới không có tin nhắc nào.
reminders-day = • { CAPITAL(WEEKDAY($day)) } { DAY($day) }: { $count } việc ({ $keys })
reminders-usage =
    { "" }
    Đổi giờ nhắc: <code>/nhacnho 8h15</code> · về giờ chung: <code>/nhacnho mặc định</code> · tạm dừng: <code>/tamdung 15/10</code>
reminders-usage-admin = Quản trị: <code>/nhacnho chung 7h30</code> · <code>/nhacnho bước 30, 14, 7, 3, 1, 0</code> · <code>/nhacnho bước 10, 5, 1 kế hoạch 416</code>. Riêng một nhiệm vụ: <code>/nhacnho bước 7, 3 II.4</code> · <code>/nhacnho bước mặc định II.4</code> (0 là đúng ngày hạn)
reminders-not-understood = Tôi chưa hiểu “{ $text }”. Anh/chị vui lòng xem cách ghi: /nhacnho
reminders-not-allowed = Anh/chị không có quyền đổi việc này; vui lòng nhờ người quản trị.
reminders-hour-set = Đã ghi: nhắc việc trong cuộc trò chuyện này lúc <b>{ $at }</b> các ngày làm việc, từ tin nhắc sau.
reminders-hour-all = Đã ghi: giờ nhắc chung là <b>{ $at }</b>, từ tin nhắc sau; ai đã đặt giờ riêng thì giữ giờ riêng.
reminders-hour-moved = (Tôi chỉ nhắn trong khoảng { $opens }–{ $closes } nên giờ được đưa vào khoảng này.)
steps-before = { $counts } ngày trước hạn
steps-on-day = đúng ngày hạn
steps-both = { $before } và { $on }
steps-of-all = Lịch nhắc chung
steps-of-plan = Kế hoạch { $plan }
steps-of-task = Nhiệm vụ { $key } { $title }
steps-set = Đã ghi. { $named }: nhắc { $steps }. Các tin nhắc chưa gửi theo lịch mới.
steps-default = Đã ghi. { $named }: trở về lịch nhắc mặc định.
steps-wrong-word = “{ $text }” không phải là số ngày. Ví dụ đúng: <code>/nhacnho bước 30, 14, 7, 3, 1, 0</code>
steps-wrong-range = { $text } ngày là quá xa. Anh/chị vui lòng ghi mỗi mốc từ 0 đến { $most } ngày trước hạn.
steps-wrong-many = Nhiều mốc quá. Anh/chị vui lòng ghi tối đa { $most } mốc.
steps-no-target = Tôi không tìm thấy kế hoạch hay nhiệm vụ “{ $text }”. Ghi số kế hoạch (<code>kế hoạch 416</code>) hoặc số nhiệm vụ (<code>II.4</code>).
steps-several-targets = Có nhiều kế hoạch hoặc nhiệm vụ khớp với “{ $text }”; vui lòng ghi rõ số, ký hiệu.

## /tamdung

pause-usage = Tạm dừng đến hết một ngày: <code>/tamdung 15/10</code>, <code>/tamdung 3 ngày nữa</code>. Nhận lại ngay: <code>/tamdung thôi</code>
pause-is = Nhắc việc đang tạm dừng đến hết { WEEKDAY($day) } { DAY($day) }.
pause-is-not = Nhắc việc đang hoạt động bình thường.
pause-needs-day = Cần một ngày kết thúc; tôi chưa hiểu “{ $text }”.
pause-which = Anh/chị muốn tạm dừng đến hết ngày nào?
pause-past = Ngày { DAY($day) } ({ WEEKDAY($day) }) đã qua; vui lòng chọn ngày khác.
pause-too-long = Ngày { DAY($day) } ({ WEEKDAY($day) }) là quá xa: chỉ tạm dừng được tối đa { $most } ngày. Nghỉ lâu hơn, vui lòng bàn giao cho người khác bằng /bangiao.
pause-set = Đã tạm dừng nhắc việc đến hết <b>{ WEEKDAY($day) } { DAY($day) }</b>. Những gì đến lượt nhắc trong thời gian này được gộp vào một tin sáng { WEEKDAY($again) } { DAY($again) }.
pause-meanwhile = Nếu cơ quan không còn đầu mối nào khác nhận tin, { $agency } được báo thay trong thời gian này.
pause-over = ▶️ Đã tiếp tục nhắc việc.

## /guitin

deliveries-head = <b>Tin gửi ngày { DAY($day) }</b>
deliveries-counts = Đã gửi <b>{ $sent }</b> · đang chờ <b>{ $waiting }</b> · không gửi được <b>{ $failed }</b>
deliveries-line = • { HOUR($at) } { $who } – { $kind }{ $count ->
        [0] { "" }
       *[other] { " " }({ $count } việc)
    }: { $status }{ $again }{ $reason }
deliveries-again = , gửi lại
deliveries-reason = {" "}({ $reason })
deliveries-lost-head =
    { "" }
    <b>Không liên lạc được ({ $count })</b>
deliveries-lost = • { $name }, từ { DAY($day) }
deliveries-alone =
    { "" }
    <b>Chưa có đầu mối nhận tin ({ $count } cơ quan)</b>: { $names }
deliveries-beat = { $part }: { HOUR($at) } ngày { DAY($at) }
deliveries-not-allowed = Chỉ người quản trị và người theo dõi xem được tin đã gửi. Anh/chị vui lòng nhờ người theo dõi.
deliveries-needs-day = Tôi chưa hiểu ngày “{ $text }”. Ví dụ: <code>/guitin 15/10</code>
part-planned = Lập lịch gần nhất
part-sender = Gửi tin gần nhất
part-auditor = Kiểm tra gần nhất
kind-morning = nhắc việc
kind-digest = tổng hợp tuần
kind-overdue = vừa quá hạn
kind-escalation = báo cáo quá hạn
kind-message = thông báo
notice-pending = đang chờ
notice-sending = đang gửi
notice-sent = đã gửi
notice-failed = không gửi được
notice-uncertain = chưa chắc đã đến, sẽ gửi lại
notice-dropped = không còn gì để nhắc

## /ngaynghi

days-off-head = <b>Ngày nghỉ trong { $days } ngày tới</b> (ngoài thứ Bảy, Chủ nhật)
days-off-none = Trong { $days } ngày tới không có ngày nghỉ nào ngoài thứ Bảy, Chủ nhật.
days-off-line = • { CAPITAL(WEEKDAY($day)) } { DAY($day) }: { $name }
days-off-line-worked = • { CAPITAL(WEEKDAY($day)) } { DAY($day) }: <b>làm việc</b> { $name }
days-off-usage =
    { "" }
    Khai ngày nghỉ: <code>/ngaynghi 10/3/2027 nghỉ bù</code>, <code>/ngaynghi 5/2/2027 - 11/2/2027 Tết</code>. Khai ngày làm bù: <code>/ngaynghi làm việc 20/3/2027</code>. Bỏ khai: <code>/ngaynghi bỏ 10/3/2027</code>
days-off-off = Đã ghi: { WEEKDAY($first) } { DAY($first) } là ngày nghỉ{ $note }
days-off-off-span = Đã ghi: từ { WEEKDAY($first) } { DAY($first) } đến hết { WEEKDAY($last) } { DAY($last) } là ngày nghỉ{ $note }
days-off-worked = Đã ghi: { WEEKDAY($first) } { DAY($first) } là ngày làm việc{ $note }
days-off-worked-span = Đã ghi: từ { WEEKDAY($first) } { DAY($first) } đến hết { WEEKDAY($last) } { DAY($last) } là ngày làm việc{ $note }
days-off-taken-back = Đã bỏ khai { WEEKDAY($first) } { DAY($first) }; ngày này theo lịch chung.
days-off-taken-back-span = Đã bỏ khai từ { DAY($first) } đến { DAY($last) }; các ngày này theo lịch chung.
days-off-note = {" "}({ $name })
days-off-again = { $count } tin nhắc được chuyển về hôm nay và gửi ngay.
days-off-not-understood = Tôi chưa hiểu “{ $text }”: cần một ngày, ví dụ 10/3/2027.
days-off-wrong-span = Ngày kết thúc { DAY($last) } đứng trước ngày bắt đầu { DAY($first) }. Anh/chị vui lòng ghi lại.
days-off-too-many = Mỗi lần khai tối đa { $most } ngày. Anh/chị vui lòng chia thành nhiều lần.

## Why a message did not arrive

reason-not-delivered = không kết nối được
reason-server = máy chủ nhắn tin có lỗi
reason-uncertain = không rõ đã đến hay chưa
reason-too-fast = máy chủ nhắn tin yêu cầu chờ
reason-unreachable = người nhận đã chặn Nhắc việc hoặc không còn cuộc trò chuyện
reason-topic = chủ đề trong nhóm không còn
reason-refused = máy chủ nhắn tin không nhận nội dung
reason-other = lỗi khác, xem nhật ký máy chủ

## Urging an agency, announcements, a reminder on a day

may-not-urge = Chỉ người theo dõi, lãnh đạo tỉnh và người quản trị đôn đốc được cơ quan khác. Anh/chị vui lòng nhờ người theo dõi.
urge-how = Anh/chị ghi tên cơ quan, kèm số nhiệm vụ nếu có, ví dụ: <code>/dondoc Sở Tư pháp II.4</code>
urge-more-late = Trên đây là những cơ quan có nhiều việc quá hạn nhất; còn { $count } cơ quan khác, xem bằng <i>việc nào quá hạn</i>, đôn đốc bằng <code>/dondoc Sở Y tế</code>.
urge-which = Đôn đốc cơ quan nào? { $count } cơ quan có việc quá hạn. Gửi chung cho các đầu mối thì anh/chị gõ /thongbao.
button-urge = { $name } ({ $count })
urge-none-late = Không cơ quan nào có việc quá hạn. Anh/chị gửi thông báo cho các đầu mối bằng /thongbao.
urge-nothing = { $agency } không có nhiệm vụ quá hạn hay đến hạn trong { $days } ngày tới để đôn đốc.
urge-not-theirs = { $agency } không có phần việc nào chưa xong trong nhiệm vụ { $key }. Anh/chị gõ { $key } để xem cơ quan chủ trì.
urge-collective = “{ $agency }” là tên chung. Anh/chị đôn đốc từng cơ quan, hoặc gửi thông báo cho tất cả đầu mối bằng /thongbao.
urge-again = Hôm nay đã đôn đốc { $agency } về nhiệm vụ này rồi; mỗi nhiệm vụ một lần một ngày.
urge-nobody = { $agency } chưa có ai nhận được tin. Anh/chị mời đầu mối: <code>/moi { $agency }</code>
urge-head = 🔔 <b>{ $name }</b> đề nghị { $agency } thực hiện và báo cáo:
urge-line = • <b>{ $key }</b> { $title } – { $when }
urge-foot = Anh/chị bấm số để xem và báo cáo.
    .typed = Trả lời bằng số để xem và báo cáo.
urge-sent = Đã chuyển lời đôn đốc { $agency } ({ $keys }) đến { $count } người.
urge-later = Ngoài giờ nhắc việc: lời đôn đốc { $agency } ({ $keys }) sẽ gửi đến { $count } người lúc { HOUR($at) } { WEEKDAY($at) } { DAY($at) }.
may-not-announce = Chỉ người theo dõi và người quản trị gửi được thông báo. Anh/chị vui lòng nhờ người theo dõi.
announce-ask = Anh/chị gõ nội dung thông báo. Tôi cho xem lại trước khi gửi.
announce-long = Thông báo dài quá { $most } ký tự. Anh/chị vui lòng rút gọn.
announce-nobody = Chưa có đầu mối hay nhóm nào để gửi. Anh/chị mời người bằng /moi trước.
announce-shown = Người nhận sẽ thấy:
announce-message =
    Thông báo của <b>{ $name }</b>:
    { $text }
announce-whom = Gửi cho ai? Bấm nút là gửi.
    .typed = Gửi cho ai? Trả lời bằng số là gửi.
button-announce-focal = Đầu mối ({ $count } người)
button-announce-groups = Các nhóm ({ $count })
button-announce-both = Đầu mối và nhóm ({ $count })
button-announce-state = Đã gửi đến đâu
announce-sent = Đã ghi, đang gửi thông báo đến { $count } nơi.
announce-later = Đã ghi; thông báo sẽ gửi đến { $count } nơi lúc { HOUR($at) } { WEEKDAY($at) } { DAY($at) }.
announce-state = Thông báo: { $sent } trong { $count } nơi đã nhận, { $waiting } đang chờ, { $failed } không gửi được.
snooze-over = Nhiệm vụ { $key } không còn gì phải nhắc.
snooze-when = Nhắc nhiệm vụ { $key } vào ngày nào? Ví dụ: <i>nhắc tôi { $key } sáng thứ Năm</i>
snooze-in-private = Anh/chị nhắn riêng cho tôi để đặt tin nhắc.
snooze-set = Đã ghi: nhắc { $key } { $title } lúc { HOUR($at) } { WEEKDAY($day) } { DAY($day) }.
snooze-message = 🔔 Anh/chị đã nhờ nhắc: <b>{ $key }</b> { $title }
