# Zalo: numbered choices, the monthly quota, faults of the platform.

zalo-no-network = Không kết nối được máy chủ Zalo ({ $reason }). Nhắc việc tiếp tục thử lại; kiểm tra mạng và ZALO_API_URL.
zalo-refused = Máy chủ Zalo từ chối mã truy cập của Nhắc việc. Nhắc việc tiếp tục thử lại; nếu mã đã đổi, vui lòng sửa ZALO_BOT_TOKEN rồi chạy lại.
zalo-bad-token = Zalo không nhận mã truy cập của Nhắc việc. Vui lòng kiểm tra ZALO_BOT_TOKEN (lấy ở Zalo Bot Manager).
check-zalo-no-answer = Zalo không trả lời. Kiểm tra mạng và ZALO_API_URL.
check-zalo = Zalo: { $name }; tháng này đã dùng { $used } trong { $monthly } tin, { $people } trong { $most } người.

zalo-choices = Trả lời bằng số: { $choices }
zalo-choice = { $number } { $label }
zalo-choice-lines = { $first }–{ $last } xem từng việc
zalo-file =
    { $name }. Mở địa chỉ này trong { $minutes } phút để tải về:
    { $link }
zalo-no-file = Chưa gửi được tệp “{ $name }”. Đề nghị người cài đặt ghi WEB_LISTEN và WEB_URL trong tệp .env; sau đó anh/chị hỏi lại.

zalo-quota-warning = ⚠️ Zalo: tháng này đã dùng { $used } trong { $monthly } tin ({ $percent } %). Khi hết, tin nhắc đi qua kênh khác của từng người; ai chỉ dùng Zalo thì phải nhắc cách khác.
zalo-quota-short = Số tin Zalo của tháng sắp hết hoặc đã hết, nên tôi chưa trả lời câu hỏi của anh/chị; chỉ tin nhắc và xác nhận được gửi trước. Anh/chị vui lòng hỏi lại từ ngày { DAY($again) }; nếu có kênh khác (/kenh) thì hỏi ngay ở đó.
channel-usage = { $channel }: tháng này đã dùng { $used } trong { $monthly } tin, { $people } trong { $most } người.
reason-quota = đã hết số tin của tháng

channels-in-private = Anh/chị vui lòng nhắn /kenh riêng cho tôi, không nhắn trong nhóm.
channels-stranger = Tài khoản này chưa tham gia. Ở kênh đã tham gia, anh/chị nhắn /kenh, chọn “Thêm kênh”, rồi gửi tôi mã nhận được: <code>/kenh MÃ</code>.
channels-reminders = Tin nhắc việc của anh/chị đi qua <b>{ $channel }</b>.
channels-pick = Muốn đổi, anh/chị chọn kênh:
channels-changed = Từ nay tin nhắc việc đi qua <b>{ $channel }</b>. Đổi lại: /kenh.
channels-code = Từ tài khoản kia, trong { $minutes } phút tới, anh/chị nhắn cho tôi:
    <code>/kenh { $code }</code>
channels-added = Đã nối tài khoản { $channel } này với { $name }. Anh/chị hỏi và báo cáo được ở cả hai nơi; chọn nơi nhận tin nhắc: /kenh.
channels-wrong-code = Mã không đúng hoặc đã quá hạn. Ở kênh đã tham gia, anh/chị nhắn /kenh và chọn “Thêm kênh” để lấy mã mới.
channels-taken = Tài khoản này đã tham gia riêng nên không nối được. Nếu muốn nối, anh/chị nhắn /roi ở đây trước.
channels-own = Tài khoản này đã là của anh/chị. Anh/chị gửi mã từ tài khoản muốn nối thêm.
channel-terminal = cửa sổ dòng lệnh
button-add-channel = Thêm kênh
