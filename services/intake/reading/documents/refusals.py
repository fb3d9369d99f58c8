"""What is said of a file that cannot be read: what it is, that nothing was recorded, and what to send instead."""

from shared.language import Words

TOO_LARGE = Words(
    "Tệp lớn hơn {most} MiB. Chưa có gì được ghi nhận. Nén ảnh quét hoặc tách tệp rồi gửi lại.",
    "The file is larger than {most} MiB. Nothing was recorded. Compress its scans or split it, and send it again.",
)
TOO_MUCH_TEXT = Words(
    "Tệp có hơn {most} MiB chữ nên không thể là một thông báo. Chưa có gì được ghi nhận. Tách tệp rồi gửi lại.",
    "The file holds more than {most} MiB of text, so it cannot be one notice. Nothing was recorded. Split it and send"
    " it again.",
)
OLD_WORD = Words(
    "Tệp ở dạng Word cũ (.doc) hoặc được đặt mật khẩu. Chưa có gì được ghi nhận. Mở bằng Word hoặc LibreOffice, bỏ "
    "mật khẩu nếu có, lưu thành .docx hoặc PDF rồi gửi lại.",
    "The file is an old Word document (.doc), or is locked by a password. Nothing was recorded. Open it in Word or "
    "LibreOffice, take the password off, save it as .docx or PDF, and send it again.",
)
RICH_TEXT = Words(
    "Tệp ở dạng RTF. Chưa có gì được ghi nhận. Mở bằng Word hoặc LibreOffice, lưu thành .docx hoặc PDF rồi gửi lại.",
    "The file is RTF. Nothing was recorded. Open it in Word or LibreOffice, save it as .docx or PDF, and send it "
    "again.",
)
OTHER_ZIP = Words(
    "Tệp nén này không phải văn bản Word (.docx). Chưa có gì được ghi nhận. Gửi chính tệp thông báo: .docx, PDF, ảnh "
    "quét hoặc văn bản thuần.",
    "This archive is no Word document (.docx). Nothing was recorded. Send the notice's own file: .docx, PDF, a scan, "
    "or plain text.",
)
FORM_UNKNOWN = Words(
    "Không nhận ra dạng của tệp. Chưa có gì được ghi nhận. Gửi .docx, PDF, ảnh quét (PNG, JPEG, TIFF) hoặc văn bản "
    "thuần UTF-8.",
    "The file's form is not known. Nothing was recorded. Send .docx, PDF, a scan (PNG, JPEG, TIFF), or plain text in "
    "UTF-8.",
)
IMAGES_UNREAD = Words(
    "Tệp là ảnh quét mà máy này chưa đọc được. Chưa có gì được ghi nhận. Cài tesseract và tiếng Việt của nó (Debian: "
    "apt install tesseract-ocr tesseract-ocr-vie) rồi gửi lại, hoặc gửi tệp Word hay PDF có chữ.",
    "The file is a scan, which this machine cannot read. Nothing was recorded. Install tesseract with Vietnamese "
    "(Debian: apt install tesseract-ocr tesseract-ocr-vie) and send it again, or send the Word file or a PDF with "
    "text.",
)
ENCODING_UNKNOWN = Words(
    "Byte thứ {position} không đúng mã UTF-8, và văn bản không theo TCVN3 (ABC), VNI hay Windows-1258. Chưa có gì "
    "được ghi nhận. Lưu lại văn bản theo UTF-8 rồi gửi lại.",
    "Byte {position} is not UTF-8, and the text is not in TCVN3 (ABC), VNI or Windows-1258. Nothing was recorded. "
    "Save the text as UTF-8 and send it again.",
)
CONTROL_CHARACTER = Words(
    "Văn bản có ký tự điều khiển ở vị trí {position}, nên có thể không phải văn bản thuần. Chưa có gì được ghi nhận. "
    "Bỏ ký tự đó, hoặc gửi tệp gốc (.docx, PDF), rồi gửi lại.",
    "The text has a control character at position {position}, so it may be no plain text. Nothing was recorded. "
    "Remove it, or send the original file (.docx, PDF), and send it again.",
)
TOOK_TOO_LONG = Words(
    "Đọc tệp này mất quá {seconds} giây nên đã dừng. Chưa có gì được ghi nhận. Máy có thể đang bận: gửi lại sau ít "
    "phút; nếu vẫn vậy, tách tệp hoặc lưu lại bằng Word hay trình in PDF khác rồi gửi lại.",
    "Reading this file took longer than {seconds} seconds and was stopped. Nothing was recorded. The machine may be"
    " busy: send it again in some minutes; if that does not help, split it, or save it anew with Word or another PDF"
    " printer, and send it again.",
)
TOOK_TOO_MUCH = Words(
    "Đọc tệp này cần quá nhiều bộ nhớ nên đã dừng. Chưa có gì được ghi nhận. Tách tệp hoặc lưu lại bằng Word hay "
    "trình in PDF khác rồi gửi lại.",
    "Reading this file needed too much memory and was stopped. Nothing was recorded. Split it, or save it anew with "
    "Word or another PDF printer, and send it again.",
)
BROKE_THE_READER = Words(
    "Tệp hỏng đến mức phần đọc phải dừng. Chưa có gì được ghi nhận. Lưu lại tệp bằng Word hay trình in PDF khác rồi "
    "gửi lại.",
    "The file is so damaged that its reading broke off. Nothing was recorded. Save it anew with Word or another PDF "
    "printer, and send it again.",
)
DAMAGED = Words(
    "Tệp bị hỏng hoặc tải lên chưa hết. Chưa có gì được ghi nhận. Mở lại tệp để kiểm tra, lưu lại rồi gửi lại.",
    "The file is damaged, or was not sent whole. Nothing was recorded. Open it to check, save it anew, and send it "
    "again.",
)
LOCKED = Words(
    "Tệp được đặt mật khẩu. Chưa có gì được ghi nhận. Bỏ mật khẩu, lưu lại rồi gửi lại.",
    "The file is locked by a password. Nothing was recorded. Take the password off, save it, and send it again.",
)
ARCHIVE_BOMB = Words(
    "Tệp nén này giải ra lớn khác thường nên không được mở. Chưa có gì được ghi nhận. Lưu lại văn bản bằng Word, hoặc"
    " tách thành nhiều tệp, rồi gửi lại.",
    "This archive would become unusually large, so it was not opened. Nothing was recorded. Save the document anew "
    "with Word, or split it, and send it again.",
)
ENTITIES = Words(
    "Tệp khai báo thực thể XML, điều mà Word không bao giờ làm, nên không được đọc. Chưa có gì được ghi nhận. Lưu lại"
    " văn bản bằng Word rồi gửi lại.",
    "The file declares XML entities, which Word never does, so it was not read. Nothing was recorded. Save the "
    "document anew with Word and send it again.",
)
TOO_MANY_PAGES = Words(
    "Tệp có hơn {most} trang nên không thể là một thông báo. Chưa có gì được ghi nhận. Tách tệp rồi gửi lại.",
    "The file has more than {most} pages, so it cannot be one notice. Nothing was recorded. Split it and send it "
    "again.",
)
IMAGE_UNREADABLE = Words(
    "Không đọc được ảnh quét: ảnh hỏng hoặc quá lớn. Chưa có gì được ghi nhận. Quét lại ở 300 dpi, hoặc gửi tệp Word "
    "hay PDF có chữ.",
    "The scan cannot be read: it is damaged or too large. Nothing was recorded. Scan it again at 300 dpi, or send the"
    " Word file or a PDF with text.",
)
