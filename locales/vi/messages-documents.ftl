# What is said about documents that are sent: why one cannot be read and what to do, and what is doubtful in one that can.

document-broken = Tệp này bị hỏng hoặc không đúng định dạng như tên gọi, tôi không mở được. Anh/chị vui lòng mở lại trên máy, lưu thành bản mới (.docx, .xlsx hoặc .pdf) rồi gửi lại.
document-empty = Tệp này trống, không có nội dung để đọc. Anh/chị vui lòng kiểm tra và gửi lại đúng tệp kế hoạch.
document-scan = Đây là bản quét (ảnh chụp trang giấy), không có chữ để đọc. Anh/chị vui lòng gửi bản Word, Excel hoặc PDF xuất từ máy; nếu chỉ có bản quét, vui lòng nhận dạng chữ (OCR) rồi gửi lại.
document-no-letters = Phông chữ trong tệp PDF này không cho biết ký tự nên tôi không đọc được chữ. Anh/chị vui lòng gửi bản Word (.docx), hoặc nhận dạng chữ (OCR) tệp PDF rồi gửi lại.
document-sideways = Chữ trong tệp PDF này nằm ngang (trang bị xoay) nên tôi không đọc được. Anh/chị vui lòng xoay trang cho đúng chiều rồi gửi lại, hoặc gửi bản Word, Excel.
document-no-tasks = Tôi không tìm thấy bảng nhiệm vụ hay phần phân công nhiệm vụ cho cơ quan, đơn vị nào trong tệp này. Anh/chị vui lòng gửi tệp có bảng nhiệm vụ (cột nội dung, cơ quan chủ trì, thời gian hoàn thành).
document-own-table = Đây là bảng theo dõi tôi xuất ra để xem, không nhập lại được: ô đã sửa có thể là đính chính hoặc gia hạn. Anh/chị sửa từng nhiệm vụ bằng /sua; cần sửa nhiều thì sửa tệp kế hoạch đã nhập rồi gửi lại.
document-bomb = Tệp nén này giải ra lớn bất thường nên tôi không mở để bảo đảm an toàn. Anh/chị vui lòng sao chép nội dung sang tệp mới rồi gửi lại.
document-entities = Tệp này chứa mã bất thường mà Word và Excel không tạo ra nên tôi không mở để bảo đảm an toàn. Anh/chị vui lòng sao chép nội dung sang tệp mới rồi gửi lại.
document-too-long = Tệp này quá lớn để là một kế hoạch (tôi đọc tối đa { $rows } dòng hoặc trang). Anh/chị vui lòng tách riêng bảng nhiệm vụ rồi gửi lại.
document-long-cell = Tệp này có ô hoặc đoạn dài hơn { $characters } ký tự. Anh/chị vui lòng tách nội dung đó thành nhiều dòng rồi gửi lại.
document-password = Tệp này đặt mật khẩu nên tôi không mở được. Anh/chị vui lòng bỏ mật khẩu (Tệp → Thông tin → Bảo vệ tài liệu) rồi gửi lại.
document-legacy = Tệp này ở định dạng cũ hoặc định dạng tôi chưa đọc được. Anh/chị vui lòng mở tệp, chọn “Lưu thành” (Save As), chọn kiểu { $suffix } rồi gửi lại.
document-unknown-kind = Tôi không nhận ra loại tệp này. Anh/chị vui lòng gửi kế hoạch dưới dạng .docx, .xlsx, .pdf hoặc tệp chữ (.txt).
document-classified = Tôi thấy dấu chỉ độ mật trong tệp này nên không đọc và không lưu. Anh/chị vui lòng báo ngay người làm công tác bảo vệ bí mật nhà nước của cơ quan và không đưa tệp lên máy có kết nối mạng.
document-classified-sent = Anh/chị vui lòng xóa tin đã gửi tệp này.
document-timeout = Đọc tệp này quá { $seconds } giây mà chưa xong nên tôi đã dừng lại. Anh/chị vui lòng tách riêng bảng nhiệm vụ sang tệp mới rồi gửi lại.
document-memory = Tệp này cần quá nhiều bộ nhớ để đọc nên tôi đã dừng lại. Anh/chị vui lòng tách riêng bảng nhiệm vụ sang tệp mới, bỏ hình ảnh, rồi gửi lại.

# Doubts. Those of a task are said with its key and row by whoever lists them.

doubt-agency-unknown = cơ quan “{ $name }” chưa có trong sổ nhiệm vụ; vui lòng kiểm tra tên
doubt-no-lead = không có cơ quan chủ trì; vui lòng ghi thêm
doubt-no-deadline = không ghi thời gian hoàn thành; vui lòng ghi thêm nếu có
doubt-deadline = thời hạn “{ $text }” đọc chưa chắc ({ $why }); vui lòng ghi rõ ngày
doubt-past = hạn { $day } đã qua trước ngày ban hành kế hoạch ({ $issued }); vui lòng kiểm tra năm
doubt-conflict = cột khác ghi “{ $text }”, khác với cột thời hạn “{ $deadline }”; vui lòng ghi một thời hạn
doubt-other-time = cột khác còn ghi thời hạn “{ $text }”; vui lòng kiểm tra
doubt-status = không rõ “{ $text }” nghĩa là đã xong hay chưa; tôi coi là đang thực hiện, vui lòng kiểm tra
doubt-done-day = bảng ghi đã xong nhưng không ghi ngày, tôi tạm ghi { $day }; vui lòng ghi ngày hoàn thành
doubt-done-future = ngày hoàn thành còn ở sau hôm nay ({ $today }), tôi ghi là đang thực hiện; vui lòng sửa ngày
doubt-done-recurring = bảng ghi “{ $text }” nhưng hạn còn lặp lại, tôi vẫn nhắc các kỳ sau; vui lòng kiểm tra
doubt-number-twice = số thứ tự { $number } in hai lần, nhiệm vụ này lấy số { $key }; vui lòng kiểm tra
doubt-hidden-row = dòng này đang ẩn trong bảng tính; vui lòng kiểm tra có phải nhiệm vụ không
doubt-hidden-columns = Bảng tính có cột ẩn ({ $columns }), tôi không đọc các cột đó. Anh/chị vui lòng bỏ ẩn nếu cần.
doubt-empty-times = Các cột thời gian từ “{ $first }” đến “{ $last }” không ghi gì; nếu bảng chỉ tô màu thì tôi không đọc được. Anh/chị vui lòng ghi dấu “+” vào các ô đó.
doubt-page-scanned = Trang { $places }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } chỗ khác
 } là ảnh quét, chưa đọc được; nhiệm vụ ở đó chưa có trong bản này. Anh/chị vui lòng gửi bản Word, Excel hoặc nhận dạng chữ (OCR).
doubt-page-sideways = Trang { $places }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } chỗ khác
 } có chữ nằm ngang (bị xoay), chưa đọc được; nhiệm vụ ở đó chưa có trong bản này. Anh/chị vui lòng xoay trang rồi gửi lại.
doubt-page-no-letters = Trang { $places }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } chỗ khác
 } dùng phông chữ không cho biết ký tự, chưa đọc được; nhiệm vụ ở đó chưa có trong bản này. Anh/chị vui lòng gửi bản Word.
doubt-formula = Ô { $places }{ $more ->
    [0] { "" }
   *[other] { " " }và { $more } chỗ khác
 } là công thức chưa có kết quả nên tôi coi như trống. Anh/chị vui lòng mở tệp bằng Excel, lưu lại rồi gửi lại.
doubt-struck-out = Văn bản có chữ gạch ngang hoặc chữ ẩn; tôi coi như đã bỏ, không đọc. Anh/chị vui lòng xem lại.
doubt-font-converted = Văn bản gõ bằng phông chữ cũ (TCVN3 hoặc VNI) đã được chuyển sang Unicode; anh/chị vui lòng soát lại chữ.
doubt-no-title = Tệp không ghi tên kế hoạch nên tôi tạm gọi là “{ $title }”. Anh/chị vui lòng ghi tên kế hoạch lên đầu tệp rồi gửi lại.
doubt-no-number = Không thấy số, ký hiệu của kế hoạch. Anh/chị vui lòng ghi thêm nếu đã có.
doubt-number-blank = Số, ký hiệu của kế hoạch còn để trống. Anh/chị vui lòng ghi thêm nếu đã có.
doubt-no-year = Không thấy năm của kế hoạch, các hạn không ghi năm có thể đọc chưa đúng. Anh/chị vui lòng ghi năm vào tên kế hoạch.
doubt-years = Kế hoạch được đọc là của các năm { $first }–{ $last }, nhưng ngày ban hành hoặc các thời hạn ghi năm khác; đề nghị kiểm tra lại năm.
doubt-no-header = Bảng nhiệm vụ mất dòng tiêu đề, tôi đoán các cột theo nội dung. Anh/chị vui lòng kiểm tra các cột.
doubt-count = Văn bản nói có { $declared } nhiệm vụ, tôi đọc được { $found }. Anh/chị vui lòng đối chiếu.
doubt-section-count = Mục “{ $section }”: văn bản nói có { $declared } nhiệm vụ, tôi đọc được { $found }. Anh/chị vui lòng đối chiếu.
