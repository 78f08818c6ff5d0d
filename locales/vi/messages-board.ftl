# The board: its pages, and the ways to it in chat.

help-board = <b>Bảng theo dõi</b>: mở trên trình duyệt /web; địa chỉ lịch thời hạn để thêm vào điện thoại <code>/lich mới</code>.
help-board-links = <b>Liên kết cho lãnh đạo</b> xem bảng, không cần tham gia: /lienket.
terminal-board =
    Bảng theo dõi, mở bằng trình duyệt trên máy này (liên kết dùng một lần, trong { $minutes } phút; liên kết mới: /web):
    { $link }
web-address-in-use = Địa chỉ { $address } (cài đặt { $setting }) đang có chương trình khác dùng hoặc không phải của máy này. Vui lòng ghi địa chỉ khác.
web-needs-https = WEB_LISTEN={ $address } mở ra ngoài máy này, nên phải có WEB_URL bắt đầu bằng https://. Vui lòng ghi WEB_URL, hoặc đổi WEB_LISTEN thành 127.0.0.1.
web-url-not-https = WEB_URL phải bắt đầu bằng https:// (địa chỉ trên máy này thì http:// cũng được). Vui lòng sửa WEB_URL.
web-no-listen = Chưa có WEB_LISTEN. Vui lòng ghi WEB_LISTEN=127.0.0.1:8080 vào tệp .env rồi chạy lại.
web-served = Bảng theo dõi: { $address }. Mở bằng liên kết mà Nhắc việc gửi khi nhắn /web. Dừng: Ctrl+C.
cli-web = Mở riêng bảng theo dõi, khi Nhắc việc chạy ở nơi khác trên cùng sổ nhiệm vụ.
cli-option-web = mở cả bảng theo dõi và in một liên kết mở được
menu-web = Bảng theo dõi

## /web, /lich mới

board-in-private = Vui lòng nhắn riêng cho tôi để nhận liên kết.
may-not-board = Chỉ người đã tham gia xem được bảng theo dõi. Vui lòng xin người quản trị mã mời.
board-not-served = Bảng theo dõi chưa được bật. Đề nghị người cài đặt Nhắc việc ghi WEB_LISTEN trong tệp .env rồi khởi động lại.
board-link =
    Bảng theo dõi, mở trong { $minutes } phút, dùng một lần:
    { $link }
    Mở xong xem được 12 giờ. Đóng sớm: <code>/web thoát</code>
board-left = { $count ->
        [0] Anh/chị không có phiên xem nào đang mở.
       *[other] Đã đóng { $count } phiên xem bảng theo dõi. Mở lại: /web
    }
button-fetch-file = Tải về
button-open-board = Mở bảng theo dõi
feed-link =
    Lịch thời hạn của cơ quan, tự cập nhật. Anh/chị thêm địa chỉ này vào ứng dụng lịch (thêm lịch từ URL):
    { $link }
    Ai có địa chỉ đều xem được; làm địa chỉ mới, bỏ địa chỉ cũ: <code>/lich mới</code>
feed-before = Địa chỉ lịch cũ không còn dùng được.

## /lienket

may-not-board-links = Chỉ người quản trị tạo và thu hồi được liên kết xem bảng. Vui lòng nhờ người quản trị.
leader-link-example = Tạo liên kết: <code>/lienket lãnh đạo tỉnh | 30 ngày</code>. Ghi thêm được kế hoạch hoặc cơ quan: <code>/lienket Phó Chủ tịch | đến 31/12 | Sở Tư pháp</code>
leader-link-for-whom = Vui lòng ghi liên kết dành cho ai.
leader-link-past = Ngày { DAY($day) } đã qua. Vui lòng ghi ngày khác.
leader-link-too-long = Liên kết dùng được nhiều nhất { $days } ngày. Vui lòng ghi số ngày ít hơn.
leader-link-too-many = Đã có { $most } liên kết đang dùng. Vui lòng thu hồi bớt: /lienket
leader-link-which-plan = Tôi chưa rõ kế hoạch “{ $plan }”. Vui lòng ghi số của kế hoạch.
leader-link-made = Đã tạo liên kết cho <b>{ $holder }</b>: { $scope }, đến hết { WEEKDAY($day) }, { DAY($day) }.
leader-link-pass-on =
    Anh/chị chuyển cho người xem:
    { $link }
    Ai có liên kết đều xem được; thu hồi: /lienket
leader-link-province = toàn tỉnh
leader-link-plan = kế hoạch { $plan }
leader-link-none = Chưa có liên kết nào đang dùng.
leader-link-head = <b>{ $count } liên kết đang dùng</b>
leader-link-line = • { $holder }: { $scope }, đến hết { DAY($day) }; { $used }
leader-link-used = xem lần cuối { HOUR($at) } { DAY($at) }
leader-link-unused = chưa mở lần nào
leader-link-revoked = Đã thu hồi liên kết của { $holder }; từ nay không mở được nữa.
button-revoke-link = Thu hồi: { $holder }

## Pages: the frame

board-name = Nhắc việc
board-title = Tình hình thực hiện nhiệm vụ
board-skip = Đến nội dung chính
board-nav = Các trang
board-province = Toàn tỉnh
board-calendar = Lịch
board-log-out = Đóng phiên
board-logged-out = Đã đóng phiên xem. Mở lại: nhắn /web cho Nhắc việc.
board-foot = Số liệu lúc { HOUR($at) } { DAY($day) } · { $name }
board-message = Thông báo
board-not-found = Không tìm thấy trang này. Vui lòng về trang đầu hoặc nhắn /web cho Nhắc việc.
board-fault = Có lỗi, đã ghi lại (số { $number }). Vui lòng thử lại sau ít phút.
board-too-many = Quá nhiều lượt xem trong một phút. Vui lòng chờ một phút rồi mở lại.
board-login-text = Bấm nút để mở. Liên kết này dùng một lần.
board-mini-app-text = Đang mở bảng theo dõi. Nếu trang đứng yên, vui lòng đóng lại và nhắn /web cho Nhắc việc.
board-launch-refused = Không mở được bảng theo dõi. Vui lòng nhắn /web cho Nhắc việc để mở lại.

## Pages: figures and lists

board-open-late = Quá hạn
board-open-in-time = Đang làm, trong hạn
board-done-in-time = Xong đúng hạn
board-done-late = Xong sau hạn
board-total = Đã xong { $done }/{ $count } lượt thời hạn (mỗi cơ quan, mỗi kỳ tính một).
board-undated = Ngoài ra { $count } việc không có ngày cụ thể.
board-undated-alone = { $count } việc không có ngày
board-shared-too = Cùng làm việc giao chung với cơ quan khác: { $count } lượt thời hạn, quá hạn { $late }.
board-downloads = Tải về:
board-download-xlsx = bảng Excel
board-download-docx = báo cáo Word tháng này
board-download-png = biểu đồ
board-download-ics = lịch
board-agencies = Các cơ quan
board-column-agency = Cơ quan
board-column-late = Quá hạn
board-column-longest = Quá hạn lâu nhất
board-column-open = Trong hạn
board-column-done = Đã xong
board-column-share = Tỷ lệ xong
board-column-deadline = Thời hạn
board-column-state = Tình trạng
board-days = { $count } ngày
board-of = { $done }/{ $count }
board-column-shared = Giao chung
board-shared = { $done }/{ $count }{ $late ->
        [0] {""}
       *[other] , quá hạn { $late }
    }
board-shared-note = “Giao chung”: việc giao cho nhiều cơ quan (các sở, ban, ngành …), không tính khi xếp thứ tự.
board-reported = { $count } việc chờ xác nhận.
board-extension-asked = { $count } việc chờ gia hạn.
board-late-head = Việc quá hạn ({ $count })
board-all-late = Xem cả { $count } việc quá hạn
board-none-late = Không có việc quá hạn.
board-due-head = Đến hạn trong { $days } ngày tới ({ $count })
board-see-calendar = Xem tiếp trong lịch
board-none-due = Không có việc đến hạn trong { $days } ngày tới.
board-no-plan = Chưa có kế hoạch nào đang theo dõi.
board-tasks = Nhiệm vụ
board-filter-all = Tất cả
board-filter-state = Tình trạng
board-filter-month = Tháng đến hạn
board-filter-plan = Kế hoạch
board-filter-words = Từ cần tìm
board-filter = Lọc
board-filter-clear = Bỏ lọc
board-state-qua-han = Quá hạn
board-state-sap-den-han = Đến hạn trong 30 ngày
board-state-chua-xong = Chưa xong
board-state-cho-xac-nhan = Chờ xác nhận
board-state-da-xong = Đã xong
board-roles = Vai trò
board-lead = Chủ trì ({ $count })
board-partner = Phối hợp ({ $count })
board-none-found = Không có nhiệm vụ nào như vậy.
board-and-more = và { $count } cơ quan
board-pages = Các trang của danh sách
board-page = Trang { $number }/{ $count }
board-page-before = Trang trước
board-page-after = Trang sau

## Pages: one task

board-task-title = Nhiệm vụ { $key }
board-day = { WEEKDAY($day) } { DAY($day) }
board-cancelled = Đã hủy ngày { DAY($day) }: { $reason }
board-state-head = Tình hình
board-left-out = Còn { $count } dòng nữa.
board-content-head = Nội dung
board-fact-lead = Chủ trì
board-fact-partners = Phối hợp
board-fact-products = Sản phẩm
board-fact-requirement = Yêu cầu
board-fact-code = Mã chỉ tiêu
board-fact-printed = Thời hạn ghi trong kế hoạch
board-fact-understood = Được hiểu là
board-reports-head = Báo cáo hoàn thành
board-report = { DAY($day) }
board-report-number = Văn bản { $number }
board-report-day = ngày { DAY($day) }
board-report-file = Tệp { $name }
board-report-link = Mở tài liệu
board-decision-open = chờ xác nhận
board-decision-confirmed = đã xác nhận
board-decision-returned = bị trả lại
board-history-head = Đã cập nhật
board-change = { HOUR($at) } { DAY($at) }: { $what }{ $change }

## Pages: plan, calendar

board-issued = ban hành { DAY($day) }
board-closed = kết thúc theo dõi { DAY($day) }
board-sections = Các mục
board-all-sections = Tất cả các mục
board-plan-tasks = Nhiệm vụ ({ $count })
board-month = Tháng { MONTHYEAR($day) }
board-months = Tháng trước, tháng sau
board-month-open = Tháng này còn { $count } việc chưa xong, trong đó { $late } việc đã quá hạn.
board-see-late = Xem mọi việc quá hạn
board-weekday = { $number ->
        [0] T2
        [1] T3
        [2] T4
        [3] T5
        [4] T6
        [5] T7
       *[other] CN
    }
board-day-late = { $count } quá hạn
board-day-open = { $count } chưa xong
board-day-reported = { $count } chờ xác nhận
board-day-done = { $count } đã xong
board-day-title = Đến hạn { WEEKDAY($day) }, { DAY($day) }
board-day-count = { $count } việc chưa xong
