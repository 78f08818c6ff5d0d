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
remind-practical = ngày nghỉ ({ $name }), nên gửi trong { WEEKDAY($day) } { DAYMONTH($day) }
remind-practical-today = ngày nghỉ ({ $name }), nên gửi trong hôm nay
remind-section-update =
    { "" }
    💬 <b>Từ { $count } ngày làm việc trở lên chưa có thông tin, đề nghị anh/chị cho biết tình hình thực hiện</b>
remind-section-stead =
    { "" }
    ⚠️ <b>Chưa nhắc được cơ quan chủ trì (không có đầu mối nhận được tin), đề nghị anh/chị chuyển giúp</b>
remind-line = • <b>{ $key }</b> { $title }{ $agency } – { $when }
remind-key = { $key }
remind-key-plan = { $key } (KH { $plan })
remind-agency = {" "}– { $agency }
remind-left = { WEEKDAY($day) } { DAYMONTH($day) }, còn { $count } ngày
remind-today = { WEEKDAY($day) } { DAYMONTH($day) }, <b>hôm nay</b>
remind-late = { WEEKDAY($day) } { DAY($day) }, <b>quá hạn { $count } ngày</b>
remind-start = bắt đầu kỳ thực hiện
remind-returned = báo cáo bị trả lại, cần làm lại
remind-waits = đang chờ trả lời xin gia hạn đến { DAY($day) }
remind-more =
    { "" }
    … và { $count } việc khác, bấm nút dưới đây để xem.

## Buttons

button-got = ✅ Đã tiếp nhận
button-done = 🏁 Đã hoàn thành
button-more = ⏳ Xin gia hạn
button-later = 🔁 Nhắc lại ngày mai
button-show = 📄 Chi tiết
button-pick = 👉 Chọn việc
button-all = ☑️ Tất cả

## Escalation, groups

escalation-head = ⚠️ <b>Báo cáo việc quá hạn, { WEEKDAY($day) } { DAY($day) }</b>: { $count } việc
escalation-section =
    { "" }
    <b>{ $agency }</b> – quá hạn { $late } ngày làm việc ({ $count } việc)
missed-head = 🔴 <b>Vừa quá hạn, { WEEKDAY($day) } { DAY($day) }</b>: { $count } việc
missed-section =
    { "" }
    <b>{ $agency }</b> ({ $count } việc)
digest-head = 📋 <b>Tổng hợp { WEEKDAY($day) } { DAY($day) }</b> – { $scope }
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

alarm-group-lost = ⚠️ Bot không còn gửi được vào nhóm <b>{ $chat }</b> (bị đưa ra khỏi nhóm hoặc nhóm đã giải tán). Nhóm này ngừng nhận tổng hợp; muốn nhận lại, đưa bot vào nhóm rồi gõ /gannhom.
alarm-notice-failed = ⚠️ Tin ngày { DAY($day) } gửi <b>{ $chat }</b> không gửi được và đã dừng thử lại ({ $reason }). Xem /guitin.
alarm-repaired = ⚠️ Kiểm tra định kỳ: còn thiếu { $count } dòng nhắc việc của ngày { DAY($day) }, đã bổ sung. Xem /guitin.
alarm-stuck = ⚠️ Kiểm tra định kỳ: { $count } tin quá lâu chưa gửi xong. Xem /guitin.
