# Every sentence the bot says, together with the other .ftl files beside it.
# Markup: the tags b, i, u, s, code. Values are data and are escaped. DAY($x) is 30/11/2026, WEEKDAY($x) thứ Hai.

## Days

weekday = { $number ->
    [0] thứ Hai
    [1] thứ Ba
    [2] thứ Tư
    [3] thứ Năm
    [4] thứ Sáu
    [5] thứ Bảy
   *[6] Chủ nhật
 }
day-short = { DAY($day) }
day-left = { WEEKDAY($day) } { DAY($day) } – còn { $count } ngày
day-tomorrow = { WEEKDAY($day) } { DAY($day) } – ngày mai
day-today = { WEEKDAY($day) } { DAY($day) } – <b>hôm nay</b>
day-overdue = { WEEKDAY($day) } { DAY($day) } – <b>quá hạn { $count } ngày</b>
day-alone = { WEEKDAY($day) } { DAY($day) }
mark-overdue = 🔴
mark-near = 🟡
mark-later = 🔵
mark-undated = ⚪
mark-done = ✅

## Small parts

beside = { $left } · { $right }
plain = { $text }
nothing = { "" }
bullet = • { $text }
and-more = … và { $count } nội dung khác
no-agency = (chưa rõ cơ quan chủ trì)
key = { $key }
key-of-plan = { $key } (KH { $plan })

## Tasks in a list

task-line =
    { $number }. { $mark } <b>{ $key }</b> { $title }
    { "    " }{ $when }
when-led = { $names } · { $when }
lead-and-more = { $name } và { $count } cơ quan khác
when-several-late = { $when } ({ $count } kỳ quá hạn)
when-undated = không có ngày cụ thể
when-done = hoàn thành ngày { DAY($day) }
when-done-late = hoàn thành ngày { DAY($day) }, quá hạn { DAY($last) }
when-done-all = hoàn thành { $count } thời hạn, lần cuối ngày { DAY($day) }
when-done-members = { $count } cơ quan đã tham gia đã hoàn thành, lần cuối ngày { DAY($day) }
when-done-some-late = { $when }; trong đó quá hạn: { $late }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } thời hạn khác
 }
done-late-part = hạn { DAY($last) } (hoàn thành { DAY($day) })
done-late-part-of = { $agency } – { $part }
when-others-later = { $when }; { $count } cơ quan khác có hạn sau

## One task

task-head = <b>{ $key }. { $title }</b>
task-plan = Kế hoạch { $plan }
task-code = mã { $code }
task-lead = <b>Chủ trì:</b> { $names }
task-no-lead = <b>Chủ trì:</b> kế hoạch không ghi
task-partners = <b>Phối hợp:</b> { $names }
task-products = <b>Sản phẩm:</b>
task-requirement = <b>Yêu cầu:</b> { $text }
task-printed = <b>Thời hạn ghi trong kế hoạch:</b> { $text }
task-understood = <b>Được hiểu là:</b>
task-conflict = ⚠️ Cột khác của kế hoạch ghi khác: { $text }
task-status = <b>Tình trạng:</b>
task-status-done = • { $agency }: { $when }
task-status-line = • { $agency }: { $status } – { $when }
task-status-before = { "   " }Đã có: { $when }
task-status-waiting = { "   " }Chờ xác nhận: báo cáo của hạn { $days }
milestone = • { $what }{ $meaning }
milestone-what = { $what }:{ " " }
meaning-date = hết { WEEKDAY($day) } { DAY($day) }
meaning-hour = trước { $at }, { WEEKDAY($day) } { DAY($day) }
meaning-before = hết { WEEKDAY($day) } { DAY($day) } (ghi “trước ngày { DAY($printed) }”)
meaning-period = từ { DAY($first) } đến hết { WEEKDAY($last) } { DAY($last) }
meaning-practical = { $meaning }; là ngày nghỉ, nên gửi trong ngày { WEEKDAY($day) } { DAY($day) }
meaning-day-off = { $meaning }; là ngày nghỉ
meaning-recurring = { $every }, các kỳ tới: { $days }
meaning-recurring-over = { $every }, cả { $count } kỳ đã qua
meaning-relative-days = trong { $count } ngày kể từ: { $after }
meaning-relative-working = trong { $count } ngày làm việc kể từ: { $after }
meaning-relative-months = trong { $count } tháng kể từ: { $after }
meaning-relative-before = { $count } ngày trước: { $after }
meaning-ongoing = thường xuyên
meaning-ongoing-from = thường xuyên, từ ngày { DAY($day) }
meaning-regulation = theo quy định
meaning-regulation-of = theo { $reference }
meaning-unread = chưa đọc được thời hạn, cần người quản trị ghi rõ
meaning-with = báo cáo cùng với { $report }
every-day = hằng ngày
every-week = hằng tuần
every-month = hằng tháng
every-quarter = hằng quý
every-half-year = 6 tháng một lần
every-year = hằng năm
every-other = nhiều kỳ
status-new = chưa tiếp nhận
status-received = đã tiếp nhận
status-in-progress = đang thực hiện
status-reported = chờ xác nhận
status-done = hoàn thành
status-returned = bị trả lại
status-suspended = tạm dừng
status-cancelled = đã hủy

## Help, greetings, faults

greeting = Chào anh/chị { $name }. Anh/chị cứ hỏi như nhắn cho đồng nghiệp, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>. Gõ /help để xem hướng dẫn.
help-head = <b>Nhắc việc</b> trả lời về các nhiệm vụ trong kế hoạch của tỉnh và nhắc khi sắp đến hạn.
help-ask =
    <b>Hỏi</b> (có dấu hay không dấu đều được):
    • <i>nhiệm vụ của Sở Tư pháp</i> · <i>việc của tôi tuần này</i>
    • <i>việc nào hạn 15/10</i> · <i>sở nội vụ quá hạn gì</i>
    • <i>II.4</i> hoặc <i>tiêu chí 2.2.2</i>: xem một nhiệm vụ
    • <i>ai chủ trì …</i> · <i>… hạn khi nào</i> · <i>tiến độ Sở Tài chính</i>
help-report = <b>Báo cáo</b>: bấm nút dưới nhiệm vụ – Đã tiếp nhận, Đã hoàn thành, Đề nghị gia hạn.
    .typed = <b>Báo cáo</b>: gõ số của nhiệm vụ, rồi trả lời bằng số – Đã tiếp nhận, Đã hoàn thành, Đề nghị gia hạn.
help-supervise = <b>Theo dõi</b>: báo cáo của các cơ quan được gửi đến anh/chị để xác nhận hoặc trả lại; việc chờ xử lý /choxuly; tin nhắc đã gửi /guitin.
help-urge = <b>Đôn đốc</b> một cơ quan ngay: /dondoc, ví dụ <code>/dondoc Sở Tư pháp II.4</code>.
help-announce = <b>Thông báo</b> đến các đầu mối, các nhóm: /thongbao.
help-admin = <b>Kế hoạch</b>: gửi tệp (Word, Excel, PDF) vào đây để nhập, nhập văn bản sửa đổi /nhap. Xuất tệp kế hoạch <code>/xuat json</code>, đặt cách theo dõi /kehoach, kết thúc /ketthuc, xem lại thời hạn bản cũ đọc khác /doclai. Lịch nhắc /nhacnho, ngày nghỉ /ngaynghi.
    .typed = <b>Kế hoạch</b>: cách nhập /nhap. Xuất tệp kế hoạch <code>/xuat json</code>, đặt cách theo dõi /kehoach, kết thúc /ketthuc, xem lại thời hạn bản cũ đọc khác /doclai. Lịch nhắc /nhacnho, ngày nghỉ /ngaynghi.
help-files = <b>Lấy tệp</b>: bảng Excel /xuat, báo cáo Word /baocao (ví dụ <code>/baocao tháng 11</code>), biểu đồ /bieudo, lịch thời hạn /lich. Hoặc nhắn <i>xuất excel việc quá hạn</i>, <i>tháng này so với tháng trước</i>.
button-do-congviec = Việc của tôi
button-do-choxuly = Chờ xử lý
button-do-tiendo = Tiến độ
button-do-quahan = Việc quá hạn
button-do-nhap = Nhập kế hoạch
button-do-moi = Mời người
start-import = <b>Bước tiếp theo:</b> nhập kế hoạch. Anh/chị gửi tệp Word, Excel hoặc PDF vào đây; tôi cho xem trước rồi mới ghi.
    .typed = <b>Bước tiếp theo:</b> nhập kế hoạch. { import-how.typed }
start-invite = <b>Bước tiếp theo:</b> mời đầu mối các cơ quan. Anh/chị bấm nút để nhận một bảng mã mời cho tất cả.
    .typed = <b>Bước tiếp theo:</b> mời đầu mối: từng cơ quan một (ví dụ <code>/moi Sở Tư pháp</code>), hoặc tất cả trong một bảng mã mời.
help-foot = Đặt tin nhắc riêng: <i>nhắc tôi II.4 sáng thứ Năm</i>. Lệnh nhanh: /congviec, /nhiemvu, /han, /quahan, /tiendo, /tim, /toi. Giờ nhắc của anh/chị /nhacnho, tạm dừng nhắc /tamdung, kênh nhận tin /kenh; ngừng tham gia /roi.
nothing-to-read-waits = Tôi chỉ đọc được chữ. Anh/chị vui lòng gõ câu trả lời cho câu hỏi ở trên, hoặc gõ /huy để dừng.
picture-alone = Ảnh này chưa gắn vào báo cáo nào. Anh/chị gửi ảnh kèm lời báo cáo, ví dụ: <i>xong II.4</i>; mỗi báo cáo giữ một tệp, nhiều ảnh thì ghép thành một tệp PDF.
    .typed = Ảnh này chưa gắn vào báo cáo nào. Anh/chị gửi ảnh kèm lời báo cáo, ví dụ: <i>xong II.4</i>; mỗi báo cáo giữ một ảnh.
nothing-to-read = Tôi chỉ đọc được chữ và tệp kế hoạch. Anh/chị vui lòng gõ câu hỏi, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>.
    .typed = Tôi chỉ đọc được chữ. Anh/chị vui lòng gõ câu hỏi, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>.
unknown-command = Tôi không có lệnh <code>{ $command }</code>. Gõ /help để xem các lệnh.
unknown-command-near = Tôi không có lệnh <code>{ $command }</code>. Có phải anh/chị muốn gõ { $near }?
button-out-of-date = Nút này không còn dùng được. Anh/chị vui lòng hỏi lại.
    .typed = Số này không còn dùng được. Anh/chị vui lòng hỏi lại.
stranger = Xin chào. Để dùng Nhắc việc, anh/chị cần mã mời của người quản trị; có mã rồi, anh/chị dán mã vào đây.
group-added = Xin chào. Để nhóm nhận nhắc việc, người quản trị gõ /gannhom trong nhóm này.
fault = Xin lỗi, có lỗi, đã ghi lại với số <b>{ $number }</b>. Anh/chị vui lòng thử lại sau.
file-not-fetched = Tôi chưa tải được tệp vừa gửi nên chưa ghi gì. Anh/chị vui lòng gửi lại sau ít phút.
edit-not-taken = Sửa tin không đổi điều đã ghi từ tin trước. Để sửa, anh/chị bấm “Rút lại” dưới tin trả lời trước (hoặc hỏi “việc của tôi”), rồi gửi tin mới.
kept-before = Tôi vừa khởi động lại khi đang xử lý tin “{ $text }”. Nội dung trong tin đã được ghi và không ghi lần hai; anh/chị có thể hỏi “việc của tôi” để xem kết quả.
kept-before-press = Tôi vừa khởi động lại khi đang xử lý lần bấm nút của anh/chị. Nội dung đã được ghi và không ghi lần hai; anh/chị có thể hỏi “việc của tôi” để xem kết quả.
    .typed = Tôi vừa khởi động lại khi đang xử lý số anh/chị trả lời. Nội dung đã được ghi và không ghi lần hai; anh/chị có thể hỏi “việc của tôi” để xem kết quả.
answers-late = Tôi vừa tạm nghỉ nên chưa trả lời { $count } tin của anh/chị: { $texts }. Vui lòng hỏi lại nếu vẫn cần.
answers-late-presses = Tôi vừa tạm nghỉ nên chưa trả lời { $count } lần bấm nút của anh/chị. Vui lòng bấm lại nếu vẫn cần.
    .typed = Tôi vừa tạm nghỉ nên chưa xử lý { $count } số anh/chị trả lời. Vui lòng trả lời lại nếu vẫn cần.
aside-to-person = Tôi gặp lỗi (mã { $number }) nên chưa xử lý được tin của anh/chị lúc { HOUR($at) } ngày { DAY($at) }. Người quản trị đã được báo; vui lòng gửi lại bằng lời khác hoặc gõ /help để chọn lệnh.
aside-to-admin = ⚠️ Tôi gặp lỗi (mã { $number }) và đã để riêng một tin gửi lúc { HOUR($at) } ngày { DAY($at) } sau ba lần thử; tin được giữ 7 ngày. Vui lòng chuyển mã lỗi cho người vận hành.
registry-too-new = Sổ nhiệm vụ do phiên bản mới hơn của chương trình tạo ra (bản { $detail }); vui lòng cập nhật chương trình.
registry-url-wrong = Địa chỉ sổ nhiệm vụ không dùng được; vui lòng ghi DATABASE_URL như sqlite:///nhacviec.db hoặc postgresql://ten@may/ten.
registry-unreachable = Không mở được sổ nhiệm vụ ở { $detail }; vui lòng kiểm tra đường dẫn, thư mục (SQLite) hoặc máy chủ (PostgreSQL).
registry-busy = Sổ nhiệm vụ đang tạm gián đoạn. Tin của anh/chị đã nhận, sẽ được xử lý ngay khi sổ hoạt động lại; không cần gửi lại. Muốn hỏi thêm, vui lòng thử lại sau ít phút.
registry-busy-now = Sổ nhiệm vụ đang tạm gián đoạn, chưa ghi gì; vui lòng thử lại sau ít phút.
registry-damaged = Sổ nhiệm vụ ở { $detail } bị hỏng, hoặc tệp đó không phải sổ nhiệm vụ; vui lòng khôi phục từ bản sao lưu (lệnh restore) hoặc sửa DATABASE_URL.
registry-foreign = { $detail } là dữ liệu của chương trình khác; vui lòng sửa DATABASE_URL để trỏ tới sổ nhiệm vụ hoặc tới nơi còn trống.
registry-half-made = Sổ nhiệm vụ ở { $detail } chưa tạo hoặc nâng cấp xong vì lần chạy trước bị ngắt. Vui lòng khôi phục bản sao lưu, hoặc bỏ sổ đó đi nếu chưa dùng lần nào.
registry-lost = ⚠️ Không còn thấy sổ nhiệm vụ ở { $detail }. Nhắc việc tạm dừng ghi nhận; vui lòng đưa tệp về chỗ cũ, hoặc khôi phục từ bản sao lưu rồi khởi động lại Nhắc việc.
registry-replaced = ⚠️ Sổ nhiệm vụ ở { $detail } đã bị thay bằng tệp khác. Nhắc việc tạm dừng ghi nhận; vui lòng đưa tệp cũ về, hoặc khởi động lại Nhắc việc để dùng tệp mới.
registry-emptied = ⚠️ Sổ nhiệm vụ ở { $detail } không còn người dùng nào, trong khi trước đây đã có người tham gia. Vui lòng kiểm tra DATABASE_URL và DATA_DIR, hoặc khôi phục từ bản sao lưu.
registry-not-working = ⚠️ Sổ nhiệm vụ ở { $detail } đang không đọc, ghi được ({ $reason }). Tin của mọi người được giữ lại và xử lý sau; vui lòng kiểm tra máy chủ và dung lượng ổ đĩa.
registry-back = ✅ Sổ nhiệm vụ ở { $detail } đã hoạt động trở lại.
registry-in-use = Sổ nhiệm vụ ở { $detail } đang do một tiến trình khác chạy; vui lòng dừng tiến trình đó trước, hoặc dùng PostgreSQL để chạy nhiều tiến trình.
registry-broken = Sổ nhiệm vụ không dùng được: { $detail }. Vui lòng khôi phục từ bản sao lưu.
