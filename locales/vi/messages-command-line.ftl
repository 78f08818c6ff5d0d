## The command line: its help and its errors

cli-word-usage = Cách dùng:
cli-word-options = [LỰA CHỌN]
cli-word-command = LỆNH [...]
cli-head-commands = Các lệnh
cli-head-arguments = Cần ghi
cli-head-options = Lựa chọn
cli-option-help = hiện hướng dẫn này
cli-argument-file = tệp kế hoạch (.docx, .xlsx, .pdf, .csv, .txt, .json) hoặc bản sao lưu
cli-argument-phrase = cách ghi thời hạn; không ghi thì đọc từng dòng ở đầu vào
cli-argument-question = câu hỏi; không ghi thì đọc từng dòng ở đầu vào
cli-argument-agency = tên cơ quan, ví dụ “Sở Tư pháp”
cli-option-issued = ngày ban hành kế hoạch
cli-usage-error = { $fault } Xem cách dùng: { $command } --help
cli-fault-value = { $name }: { $reason }
cli-fault-missing = Còn thiếu { $name }; vui lòng xem cách dùng bằng --help.
cli-fault-option = Không có lựa chọn { $name }.
cli-fault-option-usage = Lựa chọn { $name } ghi chưa đúng.
cli-fault-command = Không có lệnh “{ $name }”.
cli-fault-extra = Thừa “{ $name }”; nếu là một câu có dấu cách, vui lòng đặt trong dấu nháy.

## The commands

cli-run = Chạy Nhắc việc: các kênh có mã truy cập trong cài đặt, và nhắc việc.
cli-chat = Trò chuyện với Nhắc việc ngay trong cửa sổ dòng lệnh, không cần mã truy cập.
cli-read = Đọc một văn bản kế hoạch và in ra các nhiệm vụ.
cli-import = Nhập kế hoạch: đọc, cho xem điểm mới, thay đổi, chưa chắc; hỏi rồi mới ghi.
cli-export = Xuất một kế hoạch, hoặc bảng theo dõi Excel.
cli-report = Soạn báo cáo Word của một kỳ.
cli-chart = Vẽ biểu đồ tiến độ hoặc biểu đồ theo tuần.
cli-calendar = Ghi các thời hạn thành tệp lịch.
cli-option-format = json (kế hoạch) hoặc xlsx (bảng theo dõi)
cli-option-question = chỉ những nhiệm vụ mà câu hỏi này nói đến
cli-option-out = tệp được ghi
cli-option-period = kỳ báo cáo: tháng, quý, nửa năm hoặc năm
cli-option-kind = progress (tiến độ theo cơ quan) hoặc timeline (theo tuần)
cli-option-agency = chỉ cơ quan này
cli-wrong-format = Không có định dạng “{ $text }”; vui lòng ghi json hoặc xlsx.
cli-wrong-period = Không hiểu kỳ “{ $text }”; vui lòng ghi như 2026-11, 2026-Q4, 2026-H1 hoặc 2026.
cli-wrong-kind = Không có biểu đồ “{ $text }”; vui lòng ghi progress hoặc timeline.
cli-not-written = Không ghi được tệp { $path }; vui lòng kiểm tra thư mục và quyền ghi.
cli-ask = Trả lời câu hỏi.
cli-deadline = Đọc cách ghi thời hạn.
cli-rehearse = In mọi tin nhắc sẽ gửi trong khoảng ngày, không gửi.
cli-invite = Tạo mã mời cho một cơ quan.
cli-program = Nhắc việc: sổ nhiệm vụ của tỉnh, trả lời câu hỏi, nhắc thời hạn.
cli-backup = Sao lưu sổ nhiệm vụ đang chạy vào một tệp.
cli-restore = Khôi phục bản sao lưu vào sổ nhiệm vụ còn trống (SQLite hoặc PostgreSQL).
cli-health = Cho biết Nhắc việc có đang chạy tốt không (mã thoát 1 nếu không), để máy theo dõi.
cli-option-version = in phiên bản chương trình và sổ nhiệm vụ
cli-version = nhacviec { $program }, sổ nhiệm vụ bản { $registry }
backup-written = Đã sao lưu { $count } dòng vào { $file }; bản sao đã được kiểm tra.
backup-progress = Đã chép { $percent }%
backup-rows = Đã chép { $count } dòng
backup-exists = Tệp { $file } đã có; vui lòng chọn tên khác.
backup-nothing = Chưa có sổ nhiệm vụ nào ở { $place } để sao lưu; vui lòng kiểm tra DATABASE_URL.
backup-unwritable = Không ghi được bản sao lưu { $file }: { $reason }; vui lòng kiểm tra quyền và dung lượng ổ đĩa.
restore-done = Đã khôi phục { $count } dòng từ { $file }. Phiên xem bảng, liên kết và mã mời cũ hết hiệu lực; tin chưa gửi xong sẽ gửi lại có đánh dấu. Vui lòng rà lại người đã rời hoặc đổi vai trò sau ngày sao lưu (/nguoi).
restore-not-copied = Không chép được { $file } để khôi phục ({ $reason }); vui lòng kiểm tra đường dẫn, quyền đọc và chỗ trống của thư mục tạm.
restore-no-backup = { $file } không phải bản sao lưu của sổ nhiệm vụ; vui lòng chọn tệp do lệnh backup ghi ra.
restore-not-empty = Sổ nhiệm vụ ở { $place } đã có dữ liệu; vui lòng khôi phục vào sổ còn trống, ví dụ thêm --db sqlite:///moi.db.
health-good = Nhắc việc đang chạy tốt.
health-never = Chưa thấy Nhắc việc chạy lần nào; vui lòng chạy lệnh run.
health-late = Bộ gửi tin không hoạt động từ { HOUR($at) } ngày { DAY($at) }; vui lòng xem nhật ký và khởi động lại Nhắc việc.
health-channel-late = { $name } không trả lời từ { HOUR($at) } ngày { DAY($at) }; vui lòng kiểm tra mạng và nhật ký.
health-no-registry = Chưa có sổ nhiệm vụ nào ở { $place }; vui lòng chạy lệnh run trước.
cli-check = Kiểm tra cài đặt, sổ nhiệm vụ, mã truy cập; nói rõ cần sửa gì.
cli-option-db = sổ nhiệm vụ khác (sqlite:///… hoặc postgresql://…)
cli-option-typed = đọc như lời gõ trong chat, tính từ hôm nay
cli-typed-asks = Hỏi lại ngày nào: { $days }
cli-option-today = coi hôm nay là ngày này (01/12/2026 hoặc 2026-12-01)
cli-option-json = in mỗi dòng một đối tượng JSON
cli-option-as = cơ quan của người hỏi
cli-option-admin = với quyền quản trị
cli-option-now = cho đồng hồ chạy từ thời điểm này, để thử
cli-option-year = năm của kế hoạch, hoặc năm đầu-năm cuối
cli-option-yes = ghi mà không hỏi lại
cli-option-into = nhập vào kế hoạch có số này (văn bản sửa đổi, bổ sung)
cli-option-cancel-gone = hủy các nhiệm vụ không còn trong văn bản
cli-option-past-done = coi việc đã qua hạn là đã xong đúng hạn
cli-confirm-past = Các việc đã qua hạn đã hoàn thành đúng hạn cả rồi?
cli-option-plan = số hoặc tên kế hoạch
cli-wrong-day = Không hiểu ngày “{ $text }”; vui lòng ghi như 01/12/2026 hoặc 2026-12-01.
cli-wrong-moment = Không hiểu thời điểm “{ $text }”; vui lòng ghi như 2026-12-01T07:30.
cli-wrong-years = Không hiểu năm “{ $text }”; vui lòng ghi như 2026 hoặc 2026-2030.
cli-wrong-line = Dòng { $number } không đọc được; vui lòng ghi mỗi dòng một câu hoặc một đối tượng JSON.
cli-wrong-setting = Cài đặt { $name } có giá trị không hợp lệ; vui lòng xem cách ghi trong .env.example.
cli-registry-fault = Sổ nhiệm vụ đang tạm gián đoạn ({ $reason }) nên lệnh dừng giữa chừng; vui lòng kiểm tra rồi chạy lại lệnh.
cli-file-fault = Không tạo, đọc hoặc ghi được { $path }; vui lòng kiểm tra đường dẫn (DATA_DIR, DATABASE_URL), quyền và chỗ trống rồi chạy lại lệnh.
settings-unreadable = Không đọc được tệp cài đặt { $path }; vui lòng kiểm tra quyền đọc, và lưu tệp dạng UTF-8.
cli-no-token = Chưa có mã truy cập của kênh nào. Vui lòng ghi TELEGRAM_BOT_TOKEN=… hoặc ZALO_BOT_TOKEN=… vào tệp .env. Chưa có mã, “make run” mở cuộc trò chuyện ngay tại đây.
cli-trial-clock = Chạy thử: đồng hồ bắt đầu từ { HOUR($at) } ngày { DAY($day) }.
cli-unknown-agency = Không biết cơ quan “{ $name }”; vui lòng ghi tên đầy đủ, ví dụ “Sở Tư pháp”.
cli-not-confirmed = Chưa ghi gì: không có ai để hỏi; vui lòng thêm --yes nếu đồng ý.
cli-nothing-written = Chưa ghi gì.
cli-confirm-same-task = Hai dòng trên là cùng một việc?
cli-confirm-import = Ghi vào sổ nhiệm vụ?

## The terminal

terminal-welcome = <b>Nhắc việc</b> – xin chào { $name }. Gõ câu hỏi, số trong [ ] để bấm nút, /help để xem hướng dẫn, /thoat để thoát.
terminal-sample = Đã nạp kế hoạch mẫu của một tỉnh giả định để anh/chị làm quen. Thử hỏi: <i>nhiệm vụ của Sở Tư pháp</i>, <i>việc nào quá hạn</i>, <i>tiến độ</i>.
trial-ended = Đã xóa kế hoạch mẫu và người dùng thử trước khi Nhắc việc chạy thật; các kế hoạch đã nhập vẫn còn nguyên.
terminal-goodbye = Tạm biệt.
terminal-file = Đã ghi tệp { $path }
doubt = (chưa chắc: { $text })
column-number = Số
column-title = Nhiệm vụ
column-lead = Chủ trì
column-deadline = Thời hạn ghi
column-meaning = Được hiểu là
read-years = Năm kế hoạch: { $years }
read-partners = Phối hợp: { $names }
read-deliverables = Sản phẩm: { $names }
read-outside = Thời hạn ghi ngoài bảng nhiệm vụ

## check

check-settings = Cài đặt: hợp lệ.
check-registry = Sổ nhiệm vụ ({ $kind }) ở { $place }: kết nối được, đúng phiên bản.
check-registry-private = Tệp sổ nhiệm vụ: chỉ tài khoản chạy Nhắc việc đọc được (quyền { $mode }).
check-registry-open = Tệp sổ nhiệm vụ: tài khoản khác trên máy cũng đọc được (quyền { $mode }); vui lòng chạy chmod 600 cho tệp đó.
check-registry-empty = Sổ nhiệm vụ ở { $place }: còn trống; lần chạy đầu sẽ tạo bảng.
check-registry-readonly = Tài khoản đang chạy lệnh này không ghi được vào { $place } hoặc thư mục của tệp. Vui lòng kiểm tra đường dẫn và quyền, hoặc chạy bằng tài khoản của Nhắc việc.
check-registry-old = Sổ nhiệm vụ: ở phiên bản { $revision }, lần chạy tới sẽ tự nâng cấp.
check-deadlines = { $count } thời hạn trong sổ nay được đọc khác với ngày đã ghi. Người quản trị nhắn /doclai cho Nhắc việc để xem và xác nhận từng việc; Nhắc việc ghi ngày mới và nhắc theo ngày đó.
check-deadline = • { $plan }, nhiệm vụ { $key }: “{ $text }” – đã ghi { $stored }, nay đọc là { $read }.
check-sample = Kế hoạch mẫu “{ $plan }” còn trong sổ nhiệm vụ; lệnh run sẽ xóa trước khi Nhắc việc chạy thật.
check-no-token = Telegram: chưa có mã truy cập (TELEGRAM_BOT_TOKEN); vẫn trò chuyện được trong cửa sổ dòng lệnh.
check-telegram = Telegram: mã truy cập dùng được, Nhắc việc tên @{ $name }.
check-no-answer = Telegram không trả lời; vui lòng kiểm tra mạng, TELEGRAM_API_URL và TELEGRAM_PROXY.

## The menu of commands

menu-congviec = Việc của cơ quan tôi
menu-nhiemvu = Nhiệm vụ của một cơ quan
menu-han = Việc đến hạn một ngày, một tháng
menu-quahan = Việc quá hạn
menu-tiendo = Tiến độ thực hiện
menu-tim = Tìm theo từ khóa
menu-choxuly = Báo cáo, đề nghị gia hạn chờ xử lý
menu-dondoc = Đôn đốc một cơ quan
menu-them = Thêm nhiệm vụ
menu-nhap = Nhập kế hoạch
menu-moi = Mời người tham gia
menu-toi = Thông tin của tôi
menu-help = Hướng dẫn

## rehearse, invite

cli-option-from = ngày đầu
cli-option-to = ngày kết thúc
cli-option-everyone = như thể mỗi cơ quan chủ trì có một đầu mối và mỗi kế hoạch có một nhóm
cli-option-role = vai trò của người được mời: đầu mối (nếu không ghi), người đứng đầu, người theo dõi, lãnh đạo tỉnh, người xem, quản trị
cli-wrong-span = Ngày kết thúc đứng trước ngày bắt đầu; vui lòng ghi lại --from, --to.
rehearsed = { CAPITAL(WEEKDAY($day)) } { DAY($day) }, { $at } → { $chat }
cli-invited = Mã mời { $post }: { $code }. Dùng một lần, đến hết ngày { DAY($day) }. Liên kết: { $link }
cli-invited-code = Mã mời { $post }: { $code }. Dùng một lần, đến hết ngày { DAY($day) }.
cli-wrong-role = Không có vai trò “{ $text }”; vui lòng ghi một trong: đầu mối, người đứng đầu, người theo dõi, lãnh đạo tỉnh, người xem, quản trị.
