## Answers to questions

count = <b>{ $count } nhiệm vụ</b>
count-shared = <b>{ $count } nhiệm vụ giao chung</b>
count-both = <b>{ $count } nhiệm vụ</b>: { $own } giao đích danh, { $shared } giao chung
count-among = Trong đó { $filter }: <b>{ $count }</b>
count-of-agency = • { $agency }: <b>{ $count }</b>
shared-head = <b>Giao chung cho { SMALL($names) }</b> ({ $count }):
understood-as = <i>{ $filters }</i>
list-rest = Đang xem { $first }–{ $last } trong { $count } nhiệm vụ.
role-lead = chủ trì
role-partner = phối hợp
role-any = chủ trì hoặc phối hợp
role-together = cùng tham gia
filter-unfinished = chưa xong
filter-done = đã hoàn thành
filter-done-late = hoàn thành quá hạn
filter-undated = không có ngày cụ thể
filter-not-received = chưa tiếp nhận
filter-reported = đã báo cáo, chờ xác nhận
filter-returned = bị trả lại
filter-extension-asked = đang đề nghị gia hạn
filter-extension-granted = đã được gia hạn
filter-extension-refused = đề nghị gia hạn không được đồng ý
filter-suspended = tạm dừng
filter-cancelled = đã hủy
filter-ongoing = thực hiện thường xuyên
filter-recurring = định kỳ
filter-by-regulation = thời hạn theo quy định
filter-every-month = hằng tháng
filter-every-quarter = hằng quý
filter-every-week = hằng tuần
filter-every-year = hằng năm
filter-came-in-days = đã báo cáo trong khoảng { DAY($first) } – { DAY($last) }
filter-done-in = xong trong khoảng { DAY($first) } – { DAY($last) }
filter-overdue = quá hạn
filter-due-soon = sắp đến hạn (30 ngày tới)
filter-day = hạn { WEEKDAY($day) } { DAY($day) }
filter-days = hạn từ { DAY($first) } đến { DAY($last) }
filter-until = hạn đến hết { DAY($day) }
filter-from = hạn từ { DAY($day) }
filter-code = mã { $code }
filter-section = { $section }
filter-words = “{ $words }”
filter-ignored = bỏ qua “{ $words }”
filter-plan = KH { $plans }
filter-plan-title = { $title }
filter-now-called = nay là { $name }
filter-merged = gồm cả { $names } trước đây
printed-note = Lưu ý: { $count } nhiệm vụ ghi “trước { DAYMONTH($printed) }” hết hạn ngày { DAY($day) } ({ WEEKDAY($day) }).
nothing-found = Không có nhiệm vụ nào: <i>{ $filters }</i>
subject-exists = Về “{ $words }” sổ nhiệm vụ có { $count } nhiệm vụ, nhưng không thuộc diện: <i>{ $filters }</i>. Cụ thể:
subject-exists-of = Về “{ $words }” { $agencies } có { $count } nhiệm vụ, nhưng không thuộc diện: <i>{ $filters }</i>. Cụ thể:
but-lead = { $agencies ->
    [1] Cơ quan này chủ trì { $count } nhiệm vụ.
   *[other] Các cơ quan này chủ trì { $count } nhiệm vụ.
 }
but-partner = { $agencies ->
    [1] Cơ quan này phối hợp thực hiện { $count } nhiệm vụ.
   *[other] Các cơ quan này phối hợp thực hiện { $count } nhiệm vụ.
 }
but-each = Tính cả việc giao riêng cho từng cơ quan: { $count } nhiệm vụ.
not-understood = Tôi chưa hiểu câu này. Tôi trả lời về nhiệm vụ trong kế hoạch của tỉnh, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>, <i>việc nào quá hạn</i>, <i>II.4 hạn khi nào</i>. Gõ /help để xem thêm.
not-understood-offer = Tôi chưa hiểu câu này. Có phải anh/chị hỏi về nhiệm vụ:
no-change-here = Tôi không đổi gì theo câu này. Để báo cáo, đề nghị gia hạn hoặc sửa một nhiệm vụ, anh/chị gõ số của nhiệm vụ (ví dụ <code>II.4</code>) rồi bấm nút, hoặc gõ /help để xem các lệnh.
    .typed = Tôi không đổi gì theo câu này. Để báo cáo, đề nghị gia hạn hoặc sửa một nhiệm vụ, anh/chị gõ số của nhiệm vụ (ví dụ <code>II.4</code>). Các lệnh: /help.
no-exceptions = Tôi chưa tra được theo cách loại trừ như “trừ”, “ngoài”, “không phải của”, “không có việc”. Anh/chị hỏi thẳng cơ quan cần xem, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>, hoặc gõ <i>tiến độ</i> để xem từng cơ quan.
no-lunar-days = Tôi chỉ tính được ngày dương lịch. Anh/chị vui lòng ghi ngày dương, ví dụ: <i>việc hạn trước 15/10</i>.
no-receivers = Tôi chưa ghi báo cáo nào gửi cho cơ quan nào. Anh/chị hỏi theo cơ quan chủ trì, ví dụ: <i>việc quá hạn của Sở Tư pháp</i>.
which-task = Anh/chị hỏi nhiệm vụ nào? Vui lòng ghi số của nhiệm vụ, ví dụ <i>II.4 hạn khi nào</i>, hoặc tên việc, ví dụ <i>ai chủ trì khảo sát hài lòng</i>.
no-such-day = Không có “{ $day }” trên lịch. Anh/chị vui lòng kiểm tra lại ngày, tháng.
turn-nothing = Chưa có danh sách nào để xem tiếp. Anh/chị hỏi lại, ví dụ: <i>việc nào quá hạn</i>.
turn-no-more = Danh sách vừa rồi không còn trang nào nữa. Anh/chị gõ <i>số 2</i> để xem nhiệm vụ thứ hai của danh sách.
turn-choose = Anh/chị muốn nói nhiệm vụ nào trong danh sách này?
turn-which = Anh/chị muốn nói nhiệm vụ nào? Vui lòng ghi số của nhiệm vụ hoặc vài từ trong tên.
no-such-line = Danh sách vừa rồi chỉ có { $count } nhiệm vụ. Anh/chị vui lòng chọn số khác.
greeting-agency = Chào anh/chị ({ $name }). Anh/chị cứ hỏi như nhắn cho đồng nghiệp, ví dụ: <i>việc của tôi tuần này</i>. Gõ /help để xem hướng dẫn.
greeting-thanks = Không có gì ạ. Anh/chị cần tra nhiệm vụ nào cứ nhắn.
greeting-farewell = Chào anh/chị. Khi cần tra nhiệm vụ, anh/chị cứ nhắn.
greeting-agreement = Vâng. Anh/chị cần tra thêm gì cứ nhắn.
agency-which = Tên viết tắt này có thể là nhiều cơ quan. Anh/chị vui lòng chọn:
agency-unknown = Tôi không tìm thấy cơ quan “{ $name }” trong sổ nhiệm vụ. Có phải anh/chị hỏi:
agency-unknown-alone = Tôi không tìm thấy cơ quan “{ $name }” trong sổ nhiệm vụ. Anh/chị vui lòng ghi tên đầy đủ, ví dụ: <i>Sở Tư pháp</i>.
not-your-task = Anh/chị chỉ xem được nhiệm vụ mà cơ quan mình chủ trì hoặc phối hợp.
agency-needed = Tôi chưa biết anh/chị thuộc cơ quan nào. Anh/chị nêu tên cơ quan, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>.
no-task-about = Không có nhiệm vụ nào về “{ $words }” trong sổ nhiệm vụ. Anh/chị vui lòng thử từ khác hoặc tên cơ quan.
no-such-plan = Không có kế hoạch “{ $plan }” trong sổ nhiệm vụ. Anh/chị vui lòng kiểm tra số, ký hiệu.
who-lead = <b>Chủ trì:</b> { $names }
who-partner = <b>Phối hợp:</b> { $names }
who-none = Kế hoạch không ghi cơ quan nào cho việc này.
when-none = Kế hoạch không ghi thời hạn của nhiệm vụ này.
when-next = <b>Hạn:</b> { $when }
command-needs-day = Vui lòng ghi ngày hoặc tháng, ví dụ: <code>/han 15/10</code> hoặc <code>/han tháng 12</code>.
command-needs-words = Vui lòng ghi từ cần tìm, ví dụ: <code>/tim chữ ký số</code>.

## Facts

not-kept = Sổ nhiệm vụ không ghi “{ $name }”. Sổ ghi cơ quan chủ trì, cơ quan phối hợp, thời hạn, sản phẩm và tình hình thực hiện của từng nhiệm vụ; anh/chị gõ số thứ tự nhiệm vụ để xem.
plan-fact-title = <b>{ $title }</b>
plan-fact-number = Số, ký hiệu: <b>{ $number }</b>
plan-fact-no-number = Số, ký hiệu: sổ nhiệm vụ chưa ghi
plan-fact-day = Ngày ban hành: <b>{ DAY($day) }</b>
plan-fact-no-day = Ngày ban hành: sổ nhiệm vụ chưa ghi
plan-fact-issuer = Cơ quan ban hành: <b>{ $issuer }</b>
not-joined = <b>{ $count } cơ quan</b> có nhiệm vụ nhưng chưa có đầu mối nhận tin nhắc:
not-joined-none = Mọi cơ quan có nhiệm vụ đều đã có đầu mối nhận tin nhắc.
not-joined-next = Để mời đầu mối của cơ quan, người quản trị gõ /moi kèm tên cơ quan.
not-joined-not-allowed = Chỉ người quản trị và người theo dõi xem được cơ quan chưa có đầu mối. Anh/chị vui lòng hỏi cơ quan theo dõi.
look-head = <b>Cần lưu ý, { WEEKDAY($day) }, ngày { DAY($day) }</b> – <i>{ $filters }</i>
look-late = 🔴 Quá hạn: <b>{ $count }</b>
look-soon = 🟡 Đến hạn trong { $days } ngày tới: <b>{ $count }</b>
look-waiting = Chờ xác nhận: <b>{ $reported }</b> · đề nghị gia hạn: <b>{ $asked }</b>
look-nothing = Không có nhiệm vụ quá hạn, đến hạn trong { $days } ngày tới, chờ xác nhận hoặc đề nghị gia hạn.

## Progress

rank = <b>{ $what }</b> ({ $count }): <b>{ $names }</b>{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } cơ quan khác
 }.
rank-all = Các cơ quan bằng nhau, cùng có { $count }: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } cơ quan khác
 }.
rank-nobody-late = Không cơ quan nào có nhiệm vụ quá hạn.
rank-nobody-late-commune = Không xã, phường nào có nhiệm vụ giao riêng quá hạn.
rank-nobody-late-district = Không huyện nào có nhiệm vụ giao riêng quá hạn.
rank-too-few-commune = Chưa so sánh được: sổ nhiệm vụ không có từ hai xã, phường có việc giao riêng. Dưới đây là số liệu chung.
rank-too-few-district = Chưa so sánh được: sổ nhiệm vụ không có từ hai huyện có việc giao riêng. Dưới đây là số liệu chung.
rank-late-most = Quá hạn nhiều nhất
rank-late-least = Quá hạn ít nhất
rank-done-most = Tỷ lệ hoàn thành cao nhất
rank-done-least = Tỷ lệ hoàn thành thấp nhất
rank-tasks-most = Nhiều nhiệm vụ nhất
rank-tasks-least = Ít nhiệm vụ nhất
agencies-late = <b>{ $count } { $unit }</b> có việc quá hạn: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-open = <b>{ $count } { $unit }</b> còn việc có thời hạn chưa xong: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-done = <b>{ $count } { $unit }</b> đã xong hết việc có thời hạn: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-not-received = <b>{ $count } { $unit }</b> có nhiệm vụ chưa tiếp nhận: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-reported = <b>{ $count } { $unit }</b> đã báo cáo, đang chờ xác nhận: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-returned = <b>{ $count } { $unit }</b> có báo cáo bị trả lại: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-extension-asked = <b>{ $count } { $unit }</b> đang đề nghị gia hạn: { $names }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } { $unit } khác
 }.
agencies-not-received-none = Không { $unit } nào có nhiệm vụ chưa tiếp nhận.
agencies-reported-none = Chưa { $unit } nào có báo cáo đang chờ xác nhận.
agencies-returned-none = Không { $unit } nào có báo cáo bị trả lại.
agencies-extension-asked-none = Không { $unit } nào đang đề nghị gia hạn.
agencies-late-none = Không { $unit } nào có việc quá hạn.
agencies-open-none = Không { $unit } nào còn việc có thời hạn chưa xong.
agencies-done-none = Chưa { $unit } nào xong hết việc có thời hạn.
agencies-unknown = Sổ nhiệm vụ không ghi việc của từng { $unit }. Dưới đây là số liệu chung.
agencies-shared = Việc giao chung chỉ tính cho cơ quan đã có đầu mối.
unit-agency = cơ quan
unit-department = sở
unit-district = huyện
unit-commune = xã, phường
rank-place-done = <b>{ $agency }</b> đứng thứ <b>{ $place }</b> trong { $among } cơ quan về tỷ lệ hoàn thành ({ $count }), chỉ tính việc giao đích danh.
rank-place-late = <b>{ $agency }</b> đứng thứ <b>{ $place }</b> trong { $among } cơ quan về số việc quá hạn ({ $count }), chỉ tính việc giao đích danh.
rank-no-place = Chưa xếp hạng được { $agency }: cơ quan không có việc giao đích danh có thời hạn.
rank-count = { $count } thời hạn
rank-percent = { $count }%
progress-head = <b>Tiến độ</b> – <i>{ $filters }</i>
progress-bar = { $bar } <b>{ $percent }%</b> ({ $done }/{ $count } lượt thời hạn)
progress-done-in-time = ✅ Hoàn thành đúng hạn: <b>{ $count }</b>
progress-done-late = ✅ Hoàn thành quá hạn: <b>{ $count }</b>
progress-open-in-time = 🔵 Chưa hoàn thành, trong hạn: <b>{ $count }</b>
progress-open-late = 🔴 Chưa hoàn thành, quá hạn: <b>{ $count }</b>
progress-waiting = (trong đó chờ xác nhận { $reported }, chờ gia hạn { $asked })
progress-undated = ⚪ Không có ngày cụ thể: { $count } (đã xong { $done }{ $unread ->
    [0] { "" }
   *[other] ; chưa đọc được thời hạn { $unread }
 })
progress-by-agency = <b>Theo cơ quan</b> (nhiều việc quá hạn trước):
progress-agency = { $bar } { $agency }: { $done }/{ $count }{ $late ->
    [0] { "" }
   *[other] , quá hạn <b>{ $late }</b>
 }
progress-shared = Giao chung cho nhóm cơ quan (không so sánh): { $done }/{ $count }{ $late ->
    [0] { "" }
   *[other] , quá hạn <b>{ $late }</b>
 }
progress-foot = <i>Tính theo từng thời hạn của từng cơ quan.</i>
and-more-plans = … và { $count } kế hoạch khác
and-more-agencies = … và { $count } cơ quan khác

## Buttons under answers

button-number = { $number }
button-before = ◀ Trước
button-after = Sau ▶
button-role-lead = Việc chủ trì
button-role-partner = Việc phối hợp
button-unfinished = Chưa xong
button-overdue = Quá hạn
button-all-statuses = Xem tất cả
button-second = Ý khác
button-plan = KH { $plan }
button-everybody = Hỏi cho tất cả
button-each = Tính cả việc giao riêng
button-detail = Chi tiết
