# People, rights, groups, dialogues, the audit.

## Dialogues

draft-none = Anh/chị không có việc nào đang làm dở. Gõ /help để xem các lệnh.
draft-left = Đã dừng, chưa ghi gì.
reply-to-this = <i>(Trong nhóm, anh/chị trả lời ngay tin này để tôi đọc được.)</i>
button-leave = Dừng lại
button-right = Đúng
button-day = { CAPITAL(WEEKDAY($day)) } { DAY($day) }
day-right = <b>{ CAPITAL(WEEKDAY($day)) } { DAY($day) }</b> – đúng không ạ?
day-which = Tôi chưa rõ “{ $text }” là ngày nào. Anh/chị vui lòng chọn hoặc gõ lại:
day-past = “{ $text }” đã qua rồi. Anh/chị vui lòng ghi một ngày từ hôm nay trở đi, ví dụ: <i>thứ Sáu tuần sau</i>.
day-lunar = “{ $text }” là ngày âm lịch. Anh/chị vui lòng ghi ngày dương lịch, ví dụ: <i>15/12/2026</i>.
day-not-understood = Tôi chưa đọc được ngày trong “{ $text }”. Anh/chị vui lòng gõ lại, ví dụ: <i>15/12/2026</i>, <i>thứ Sáu tuần sau</i>, <i>cuối tháng</i>.
too-many-messages = Anh/chị gửi hơi nhanh, tôi chưa trả lời kịp. Xin chờ một phút rồi nhắn tiếp.

## Roles

post-role-admin = người quản trị
post-role-supervisor = người theo dõi
post-role-leader = lãnh đạo tỉnh
post-role-head = người đứng đầu
post-role-focal-point = đầu mối
post-role-viewer = người xem
post-for-days = { $post }, làm thay từ { DAY($first) } đến hết { DAY($last) }
person-gone = (người đã rời)

## Agencies

agency-choose = Anh/chị muốn nói cơ quan nào (“{ $text }”)?
agency-not-known = Tôi chưa biết cơ quan “{ $text }”. Anh/chị vui lòng gõ lại tên.
button-agency = { $name }
button-new-agency = Cơ quan mới: { $name }

may-not-name = Chỉ người quản trị đặt được tên khác cho cơ quan. Anh/chị vui lòng nhờ người quản trị.
name-how = Anh/chị ghi tên cơ quan và các tên khác, ví dụ: <code>/ten Sở Tư pháp | tư pháp tỉnh; STPT</code>
name-taken = “{ $name }” đang là tên của { $agency }. Anh/chị chọn tên khác.
name-too-short = “{ $name }” ngắn quá, dễ nhầm. Anh/chị vui lòng chọn tên khác.
name-known = <b>{ $agency }</b> còn được gọi là: { $names }
name-none = <b>{ $agency }</b> chưa có tên khác. Thêm: <code>/ten { $agency } | tên khác</code>

## Inviting and joining

may-not-invite = Chỉ người quản trị mời được người tham gia. Anh/chị vui lòng nhờ người quản trị.
invite-ask = Anh/chị mời người của cơ quan nào, vai trò gì? Ví dụ: <i>Sở Tư pháp | đầu mối | 2 lượt | đến 30/11</i>. Không ghi gì thêm là một đầu mối, mã dùng trong 7 ngày.
invite-example = Ví dụ: <code>/moi Sở Tư pháp | đầu mối | 2 lượt | đến 30/11</code>
invite-needs-agency = Vai trò { $role } phải gắn với một cơ quan. Anh/chị ghi thêm tên cơ quan.
invite-everyone-as = Mời tất cả chỉ dùng cho đầu mối và người đứng đầu. Vai trò { $role } vui lòng mời từng người, ghi tên cơ quan.
invite-wrong-uses = Số lượt phải từ 1 đến { $most }. Anh/chị vui lòng ghi lại.
invite-past = Ngày { DAY($day) } đã qua, mã sẽ không dùng được.
invite-too-long = Mã mời dùng được nhiều nhất { $days } ngày. Anh/chị vui lòng ghi số ngày ít hơn.
not-understood-part = Tôi chưa hiểu phần “{ $text }”.
invite-for = { $role } của { $agency }
invite-made = Mã mời <b>{ $who }</b>, dùng được { $uses } lượt, đến hết { WEEKDAY($day) } { DAY($day) }.
invite-pass-on = Anh/chị chuyển cho người được mời:
invite-link =
    { $link }
    hoặc nhắn cho Nhắc việc: <code>/start { $code }</code>
invite-code = Nhắn cho Nhắc việc: <code>/start { $code }</code>
invite-renewed = Mã mời cũ chưa dùng của vai trò này không còn hiệu lực.
invite-list-how = Mời nhiều cơ quan một lần: gõ <code>/moi tất cả</code>, <code>/moi cấp xã</code>, hoặc gửi tệp Excel có cột “Cơ quan” và “Vai trò” kèm chữ <code>/moi</code>.
    .typed = Mời nhiều cơ quan một lần: gõ <code>/moi tất cả</code> hoặc <code>/moi cấp xã</code>.
invite-list-empty = Tôi không tìm thấy cột tên cơ quan trong tệp này.
invite-list-long = Danh sách dài quá, mỗi lần tôi mời được nhiều nhất { $most } cơ quan. Anh/chị vui lòng tách thành nhiều tệp.
invite-nobody = Sổ nhiệm vụ chưa có cơ quan nào để mời. Anh/chị nhập kế hoạch trước.
invite-sheet-in-private = Bảng mã mời chỉ gửi riêng cho người quản trị. Anh/chị nhắn riêng cho tôi.
invite-sheet-not-allowed = Ở đây tôi chưa gửi được tệp, nên chưa tạo mã mời nào. Anh/chị mời từng cơ quan, ví dụ: /moi Sở Tư pháp
invite-collective = “{ $name }” là tên chung của nhiều cơ quan, tôi chưa biết từng cơ quan.
button-invite-all = Mời tất cả cơ quan
button-invite-collective = Vẫn mời chung: { $name }
invite-sheet = Bảng mã mời: { $new } mã mới{ $new ->
    [0] { "" }
   *[other] {" "}(dùng đến hết { DAY($until) })
 }, { $waiting } mã đã cấp trước, { $joined } đã tham gia.
invite-sheet-added = Đã thêm { $count } cơ quan mới vào danh sách theo tên trong tệp.
invite-sheet-unjoined = Chưa tham gia: { $names }{ $more ->
    [0] { "" }
   *[other] {" "}và { $more } cơ quan khác
 }.
invite-sheet-unclear = Chưa mời vì chưa rõ tên: { $names }{ $more ->
    [0] { "" }
   *[other] {" "}và { $more } dòng khác
 }. Anh/chị sửa tên trong tệp rồi gửi lại.
invite-list-formulas = Chưa đọc được ô { $places }{ $more ->
    [0] { "" }
   *[other] {" "}và { $more } ô khác
 } vì công thức chưa có kết quả. Anh/chị mở tệp bằng Excel, lưu lại rồi gửi lại.
invite-sheet-keep = Mỗi mã chỉ hiện một lần trong bảng này. Anh/chị gửi riêng từng mã; mất thì gõ <code>/moi lại tên cơ quan</code>.
invitation-sheet = Mã mời
invitation-steps-sheet = Hướng dẫn đầu mối
invitation-column-number = STT
invitation-column-agency = Cơ quan
invitation-column-role = Vai trò
invitation-column-link = Liên kết tham gia
invitation-column-code = Mã mời
invitation-column-state = Tình trạng
invitation-column-joined = Ngày tham gia
invitation-joined = Đã tham gia
invitation-waits = Đã cấp ngày { DAY($day) }, dùng đến hết { DAY($until) }. Mất mã: /moi lại { $agency } | { $role }
invitation-new = Chưa tham gia; mã dùng đến hết { DAY($until) }
invitation-collective = Chưa mời: đây là tên chung của nhiều cơ quan
invitation-unclear = Chưa mời: có phải { $names }? Nếu là cơ quan mới: /moi { $agency } | { $role }
invitation-steps-head = Các bước để đầu mối tham gia Nhắc việc
invitation-step-1 = 1. Cài ứng dụng trò chuyện mà người quản trị cho biết, đăng nhập bằng số máy công vụ.
invitation-step-2 = 2. Mở liên kết tham gia của cơ quan mình rồi bấm “Bắt đầu”. Không có liên kết thì tìm { $bot ->
    [0] Nhắc việc
   *[other] @{ $bot }
 } và gửi: /start kèm mã mời.
invitation-step-3 = 3. Tôi trả lời tên cơ quan và vai trò. Nếu sai, báo ngay người quản trị.
invitation-step-4 = 4. Mỗi sáng làm việc, tôi nhắc nhiệm vụ sắp đến hạn và quá hạn. Báo cáo bằng nút hoặc số dưới nhiệm vụ.
invitation-step-5 = 5. Xem nhiệm vụ bất cứ lúc nào: gõ “việc của tôi”. Báo cáo: gõ “báo cáo xong” kèm số nhiệm vụ và số văn bản.
invitation-step-6 = 6. Vắng mặt hoặc chuyển công tác: gõ /bangiao. Cần hướng dẫn: gõ /help. Không đưa mã mời cho người khác.

join-in-private = Để tham gia, anh/chị nhắn riêng cho tôi, không nhắn trong nhóm.
join-too-many = Anh/chị đã nhập sai nhiều lần. Vui lòng thử lại sau một giờ, hoặc xin người quản trị mã mới.
join-wrong-code = Mã này không đúng. Anh/chị vui lòng kiểm tra lại, hoặc xin người quản trị mã mới.
join-expired = Mã này đã hết hạn hoặc đã dùng hết lượt. Anh/chị vui lòng xin người quản trị mã mới.
join-already = Anh/chị đã là { $role } rồi.
welcome = Chào anh/chị <b>{ $name }</b>. Từ nay anh/chị là <b>{ $role }</b>.
    .typed = Chào anh/chị <b>{ $name }</b>, tôi là Nhắc việc, chương trình trả lời tự động. Từ nay anh/chị là <b>{ $role }</b>.
welcome-agency =
    Mỗi sáng làm việc tôi nhắc những việc sắp đến hạn và quá hạn của cơ quan; anh/chị bấm nút dưới từng việc để báo cáo.
    Anh/chị thử gõ: <i>việc của tôi</i> · <i>việc tháng này</i> · /help
    .typed = 
        Mỗi sáng làm việc tôi nhắc những việc sắp đến hạn và quá hạn của cơ quan; anh/chị trả lời bằng số ghi dưới tin để báo cáo.
        Anh/chị thử gõ: <i>việc của tôi</i> · <i>việc tháng này</i> · /help
welcome-head = Khi cơ quan có việc quá hạn, tôi báo anh/chị vào ngày làm việc kế tiếp. Anh/chị báo cáo được thay đầu mối; thử gõ: <i>việc của tôi</i> · /help
welcome-admin = Anh/chị gửi tệp kế hoạch để nhập, /moi để mời người, /help để xem các lệnh.
    .typed = Anh/chị gõ /nhap để xem cách nhập kế hoạch, /moi để mời người, /help để xem các lệnh.
welcome-supervisor = Báo cáo và đề nghị gia hạn của các cơ quan sẽ được gửi đến anh/chị. Gõ /help để xem hướng dẫn.
welcome-leader = Anh/chị hỏi được mọi nhiệm vụ, ví dụ: <i>tiến độ</i> · <i>việc nào quá hạn</i>. Gõ /help để xem hướng dẫn.
welcome-viewer = Anh/chị hỏi được mọi nhiệm vụ, ví dụ: <i>việc nào quá hạn</i>. Gõ /help để xem hướng dẫn.
welcome-data = Tôi lưu tên, mã số tài khoản, cơ quan, vai trò của anh/chị; câu hỏi ({ $days } ngày), tin đã gửi, việc anh/chị báo cáo, sửa. Xem: /toi. Rời: /roi.
told-joined = { $name } đã tham gia bằng mã mời của anh/chị, vai trò: { $role }.
stranger-bound-group = Trong nhóm này, anh/chị hỏi được về các nhiệm vụ, ví dụ: <i>nhiệm vụ của Sở Tư pháp</i>. Để báo cáo và nhận tin nhắc, anh/chị xin người quản trị mã mời rồi nhắn riêng cho tôi.
stranger-group = Nhóm này chưa được gắn nên tôi chưa trả lời ở đây. Người quản trị gõ /gannhom trong nhóm để gắn.

## What is kept of a person, leaving

me-head = <b>{ $name }</b>
me-address = Mã số tài khoản: { $channel } { $address }
me-since = Tham gia từ { DAY($day) }
me-no-roles = Hiện không có vai trò nào.
me-kept = Tôi còn lưu câu hỏi của anh/chị ({ $days } ngày), thao tác đang làm dở, giờ nhắc, tin đã gửi, việc anh/chị đã báo cáo, sửa. Rời bằng /roi.
me-unknown = Anh/chị chưa tham gia nên tôi không lưu tên, vai trò. Tôi có thể còn giữ câu hỏi ({ $days } ngày) và số lần nhập sai mã của tài khoản này.
me-in-private = Anh/chị nhắn /toi riêng cho tôi để xem, không xem trong nhóm.
button-erase-me = Xóa dữ liệu của tôi
button-leave-bot = Tôi rời
leave-sure = Anh/chị chắc chắn muốn rời? Mọi vai trò của anh/chị kết thúc ngay, tên và địa chỉ được xóa sau { $days } ngày.
erase-sure = Anh/chị chắc chắn muốn xóa? Mọi vai trò của anh/chị kết thúc, tên và địa chỉ được xóa ngay, không lấy lại được.
leave-alone = Anh/chị là đầu mối duy nhất của { $agencies }; nên bàn giao trước bằng /bangiao.
leave-only-admin = Anh/chị là người quản trị duy nhất nên chưa rời được. Vui lòng mời thêm người quản trị trước (/moi quản trị).
leave-done = Anh/chị đã rời. Cảm ơn anh/chị đã cùng làm việc.
leave-erased = Đã xóa dữ liệu của anh/chị. Cảm ơn anh/chị đã cùng làm việc.

term-now = Tên và địa chỉ của người đã rời được xóa sau { $days } ngày. Đổi: <code>/thoihanluu 60</code>
term-set = Đã ghi: tên và địa chỉ của người đã rời được xóa sau { $days } ngày.
term-wrong = Số ngày phải từ 1 đến { $most }, ví dụ: <code>/thoihanluu 60</code>

## Who has joined, roles

may-not-people = Chỉ người quản trị xem và sửa được danh sách người tham gia. Anh/chị vui lòng nhờ người quản trị.
people-none = Chưa có ai.
people-head = <b>{ $count } người</b>
people-line =
    { $number }. <b>{ $name }</b>
    { "    " }{ $roles }
people-no-role = chưa có vai trò
people-rest = Đang xem { $first }–{ $last } trong { $count } người.
people-foot = Bấm tên để xem và sửa vai trò.
    .typed = Trả lời bằng số của một người để xem và sửa vai trò.
people-nobody = Không có ai tên “{ $name }”.
person-head = <b>{ $name }</b>
button-person = { $name }
button-end-post = Kết thúc vai trò: { $post }
button-hand-over = Bàn giao việc này
button-add-post = Thêm vai trò
post-ask = { $name } nhận thêm vai trò gì? Ví dụ: <i>Sở Tư pháp | đầu mối</i>, hoặc <i>người theo dõi</i>.
post-held = { $name } đã là { $post } rồi.
post-given = Đã ghi: { $name } là <b>{ $post }</b>.
post-ended = Đã ghi: { $name } kết thúc vai trò { $post }.
post-only-admin = Đây là người quản trị duy nhất. Vui lòng mời thêm người quản trị trước (/moi quản trị).
told-post = Người quản trị đã giao anh/chị vai trò <b>{ $post }</b>. Gõ /help để xem hướng dẫn.
told-post-ended = Người quản trị đã kết thúc vai trò { $post } của anh/chị.

## Handing over

may-not-hand-over-any = Chỉ đầu mối, người đứng đầu cơ quan và người quản trị bàn giao được việc. Anh/chị vui lòng nhờ người quản trị.
may-not-hand-over = Anh/chị không bàn giao được việc này. Vui lòng nhờ người quản trị.
hand-none = Anh/chị không có việc nào để bàn giao. Gõ /toi để xem vai trò của anh/chị.
hand-none-admin = Anh/chị không làm đầu mối. Để bàn giao việc của người khác, chọn người đó trong /nguoi.
hand-which = Anh/chị bàn giao việc nào?
hand-whom = Anh/chị bàn giao cho ai?
hand-invite-first = Người chưa có trong danh sách thì nhờ người quản trị mời trước.
hand-nobody = Chưa có đồng nghiệp nào của cơ quan tham gia. Anh/chị nhờ người quản trị mời người nhận trước, rồi gõ lại /bangiao.
hand-how-long = Bàn giao cho <b>{ $name }</b> trong bao lâu? Bấm nút, hoặc gõ những ngày anh/chị vắng, ví dụ: <i>từ 23/11 đến 27/11</i>.
    .typed = Bàn giao cho <b>{ $name }</b> trong bao lâu? Trả lời bằng số, hoặc gõ những ngày anh/chị vắng, ví dụ: <i>từ 23/11 đến 27/11</i>.
button-for-good = Bàn giao hẳn
hand-span-unclear = Tôi chưa đọc được những ngày này. Anh/chị vui lòng gõ lại, ví dụ: <i>từ 23/11 đến 27/11</i>.
hand-span-right = Từ <b>{ WEEKDAY($first) } { DAY($first) }</b> đến hết <b>{ WEEKDAY($last) } { DAY($last) }</b> – đúng không ạ?
handed = Đã ghi: { $name } làm { $post } thay anh/chị từ { DAY($first) } đến hết { DAY($last) }.
handed-for-good = Đã bàn giao: từ nay { $name } là { $post }.
told-handed = Anh/chị được giao làm thay { $post } từ { DAY($first) } đến hết { DAY($last) }.
told-handed-for-good = Việc { $post } đã được bàn giao. Gõ <i>việc của tôi</i> để xem.

## Groups

bind-in-group = Lệnh này dùng trong nhóm cần gắn: thêm Nhắc việc vào nhóm, rồi gõ /gannhom ở đó.
may-not-bind = Chỉ người quản trị gắn được nhóm. Nếu anh/chị là người quản trị đang ẩn danh trong nhóm, vui lòng tắt ẩn danh rồi gõ lại.
bind-not-yet = Nhóm này chưa được gắn. Người quản trị gõ /gannhom trong nhóm để gắn.
bind-now = Nhóm này đang nhận tin { $scope }.
bind-ask = Anh/chị gắn nhóm với phần nào? Bấm nút, hoặc gõ tên một cơ quan.
    .typed = Anh/chị gắn nhóm với phần nào? Trả lời bằng số, hoặc gõ tên một cơ quan.
bind-done = Đã gắn: nhóm này nhận tổng hợp sáng thứ Hai và việc vừa quá hạn { $scope }.
bind-topic = Tin sẽ vào đúng chủ đề này của nhóm.
bind-undone = Đã bỏ gắn; nhóm này không nhận tin nữa.
bind-which-plan = Tôi không rõ kế hoạch “{ $name }”.
bind-no-plan = Không còn kế hoạch này.
scope-province = của toàn tỉnh
scope-agency = của { $agency }
scope-plan = của kế hoạch { $plan }
button-province = Toàn tỉnh
button-unbind = Bỏ gắn

## Audit

may-not-audit = Chỉ người quản trị xem được nhật ký. Anh/chị vui lòng nhờ người quản trị.
audit-head = <b>Nhật ký</b> (mới nhất trước)
audit-none = Không có thay đổi nào như vậy. Anh/chị vui lòng thử ngày hoặc tên khác.
audit-unclear = Tôi chưa rõ “{ $text }”. Anh/chị lọc theo ngày, số nhiệm vụ hoặc tên người, ví dụ: <code>/nhatky tuần này</code>, <code>/nhatky II.4</code>.
audit-foot = Lọc: <code>/nhatky tuần này</code> · <code>/nhatky II.4</code> · <code>/nhatky Nguyễn Văn A</code>. Lấy tệp Excel: <code>/nhatky xuất</code>
audit-line = • { HOUR($at) } { DAY($day) } – { $who }: { $what } { $thing }{ $change }
audit-change = { " " }({ $change })
audit-from-to = { $before } → { $after }
audit-days = hạn { DAY($before) } → { DAY($after) }
audit-reason = lý do: { $reason }
audit-task = nhiệm vụ { $key }
audit-plan = kế hoạch { $plan }
audit-post = { $name }, { $post }
audit-program = chương trình
audit-exported = Nhật ký: { $count } dòng.
button-older = Cũ hơn ▶
audit-column-time = Thời điểm
audit-column-who = Người làm
audit-column-action = Việc
audit-column-about = Đối tượng
audit-column-before = Trước
audit-column-after = Sau
audit-action-receive = tiếp nhận
audit-action-progress = đang thực hiện
audit-action-report = báo cáo hoàn thành
audit-action-finish = hoàn thành
audit-action-confirm = xác nhận
audit-action-return = trả lại
audit-action-suspend = tạm dừng
audit-action-resume = cho tiếp tục
audit-action-extend = gia hạn
audit-action-remind-at = đặt giờ nhắc
audit-action-remind-steps = đặt các mốc nhắc
audit-action-pause = tạm dừng nhắc
audit-action-day-off = khai ngày nghỉ, ngày làm việc
audit-action-undo = hoàn tác
audit-action-report-made = gửi báo cáo
audit-action-evidence = bổ sung minh chứng
audit-action-report-confirmed = xác nhận báo cáo
audit-action-report-returned = trả lại báo cáo
audit-action-report-withdrawn = rút báo cáo
audit-action-extension-asked = đề nghị gia hạn
audit-action-extension-granted = đồng ý gia hạn
audit-action-extension-refused = không đồng ý gia hạn
audit-action-import = nhập
audit-action-cancel = hủy khi nhập kế hoạch
audit-action-import-in-progress = ghi đang thực hiện khi nhập kế hoạch
audit-action-import-suspended = ghi tạm dừng khi nhập kế hoạch
audit-action-refuse-classified = từ chối tệp có dấu mật
audit-action-join = tham gia
audit-action-leave = rời
audit-action-set-term = đặt thời hạn lưu dữ liệu người đã rời
audit-action-erase = xóa dữ liệu
audit-action-invite = tạo mã mời
audit-action-revoke-invite = thu hồi mã mời
audit-action-urge = đôn đốc
audit-action-announce = gửi thông báo
audit-action-enrol = đưa cơ quan vào danh sách nhận việc
audit-action-give-post = giao vai trò
audit-action-end-post = kết thúc vai trò
audit-action-hand-over = bàn giao
audit-action-chat-added = Nhắc việc được thêm vào nhóm
audit-action-chat-removed = Nhắc việc bị đưa ra khỏi nhóm
audit-action-chat-moved = nhóm chuyển địa chỉ
audit-action-chat-blocked = Nhắc việc bị chặn
audit-action-chat-unblocked = Nhắc việc được bỏ chặn
audit-action-bind = gắn nhóm
audit-action-unbind = bỏ gắn nhóm
audit-action-add-channel = thêm kênh liên lạc
audit-action-set-channel = chọn kênh nhận tin nhắc
audit-action-add-task = thêm
audit-action-change-task = sửa
audit-action-reread = đọc lại thời hạn
audit-action-keep-deadline = giữ thời hạn đã ghi
audit-action-cancel-task = hủy
audit-action-undo-add = hoàn tác việc thêm
audit-action-undo-cancel = hoàn tác việc hủy
audit-action-own-plan = lập
audit-action-set-plan = đặt cách theo dõi
audit-action-name = đặt tên khác cho
audit-action-close-plan = kết thúc
audit-action-remove-sample = xóa kế hoạch mẫu
audit-action-make-link = tạo liên kết xem bảng
audit-action-revoke-link = thu hồi liên kết xem bảng
audit-action-make-feed = tạo địa chỉ lịch

## Help

help-hand-over = <b>Vắng mặt, chuyển việc</b>: bàn giao cho đồng nghiệp, vài ngày hoặc hẳn: /bangiao.
help-tasks = <b>Nhiệm vụ</b>: thêm /them, sửa /sua, giao cơ quan khác /giao, hủy /xoa; hoàn tác trong 10 phút /hoantac.
help-people = <b>Người và nhóm</b>: mời /moi, danh sách /nguoi, vai trò /quyen, gắn nhóm /gannhom, tên khác của cơ quan /ten. Nhật ký /nhatky, thời hạn lưu dữ liệu người đã rời /thoihanluu.

## The table of rights (docs/quyen.md)

rights-title = Ai được làm gì
rights-text = Bảng này sinh ra từ chương trình (handlers/conversation/rights.py) và được kiểm thử từng ô. Lệnh, câu nhắn, nút bấm và tệp đều theo một bảng này.
rights-column-action = Việc
rights-all = ✓
rights-own = cơ quan mình
rights-none = –
rights-foot = Một người có nhiều vai trò thì được làm mọi việc của các vai trò đó. Người lạ chỉ được hướng dẫn cách tham gia. Khi quản trị mở hỏi đáp cho mọi người (QUESTIONS_OPEN), người lạ hỏi được nhưng không thay đổi được gì. Trong nhóm đã gắn, ai cũng hỏi được; nút bấm trong nhóm vẫn theo quyền của người bấm.
action-ask = Hỏi về nhiệm vụ
action-ask-progress = Hỏi tiến độ
action-report = Báo cáo: tiếp nhận, đang thực hiện, hoàn thành
action-extend = Đề nghị gia hạn
action-confirm = Xác nhận, trả lại báo cáo; trả lời đề nghị gia hạn
action-add-task = Thêm nhiệm vụ (/them)
action-change-task = Sửa, giao lại, hủy, tạm dừng nhiệm vụ (/sua, /giao, /xoa)
action-import = Nhập và xuất kế hoạch (gửi tệp, /xuat json)
action-close-plan = Kết thúc kế hoạch (/ketthuc)
action-plan-settings = Đặt cách theo dõi của kế hoạch (/kehoach)
action-invite = Mời người tham gia (/moi)
action-people = Xem và sửa người, vai trò (/nguoi, /quyen)
action-hand-over = Bàn giao việc đầu mối, người đứng đầu (/bangiao)
action-bind-group = Gắn nhóm (/gannhom)
action-names = Đặt tên khác cho cơ quan (/ten), thêm cơ quan mới
action-reminders-own = Đặt giờ nhắc của mình (/nhacnho, /tamdung)
action-reminders-all = Đặt lịch nhắc chung, ngày nghỉ
action-delivery-report = Xem tin đã gửi (/guitin)
action-audit = Xem nhật ký (/nhatky)
action-urge = Đôn đốc cơ quan (/dondoc)
action-announce = Gửi thông báo (/thongbao)
action-board = Xem bảng theo dõi (/web), lấy địa chỉ lịch (/lich mới)
action-board-links = Tạo, thu hồi liên kết xem bảng cho lãnh đạo (/lienket)
