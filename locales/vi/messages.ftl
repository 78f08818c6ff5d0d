# Every sentence the bot says. Markup: b, i, u, s, code. Values are escaped.

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

## Faults
fault = Xin lỗi, có lỗi khi xử lý; sự cố đã được ghi lại với số <b>{ $number }</b>. Anh/chị vui lòng thử lại sau.
