# What the Telegram channel tells the operator, one line in the log each.

telegram-second-poller = Một chương trình khác đang nhận tin bằng cùng mã truy cập Telegram này. Vui lòng dừng chương trình kia; Nhắc việc vẫn tiếp tục thử lại.
telegram-no-network = Không kết nối được máy chủ Telegram ({ $reason }). Nhắc việc tiếp tục thử lại; kiểm tra mạng, TELEGRAM_PROXY và TELEGRAM_API_URL.
telegram-refused = Máy chủ Telegram từ chối mã truy cập của Nhắc việc. Nhắc việc tiếp tục thử lại; nếu mã đã đổi, vui lòng sửa TELEGRAM_BOT_TOKEN rồi chạy lại.
telegram-back = Đã kết nối lại với Telegram.
telegram-bad-token = Telegram không nhận mã truy cập của Nhắc việc. Vui lòng kiểm tra TELEGRAM_BOT_TOKEN (lấy từ BotFather).
telegram-bad-proxy = Không dùng được TELEGRAM_PROXY: { $reason }.
webhook-needs-listen = Có TELEGRAM_WEBHOOK_URL thì phải có WEB_LISTEN để nhận tin. Vui lòng ghi WEB_LISTEN, hoặc bỏ TELEGRAM_WEBHOOK_URL.
