"""Family names: those of the peoples of Vietnam, by which a run of capitalised words is known to be a person's name."""

_SURNAMES_WRITTEN = """
An Ánh Âu Bá Bạc Bạch Bàn Bàng Bành Bảo Bế Biện Bo Bồ Bùi Ca Cà Cái Cam Cầm Cấn Cao Cáp Cát Chảo Châu Chế Chu
Chúc Chung Chử Chương Cồ Cù Cung Cự Danh Dã Dì Diêm Diếp Diệp Doãn Dư Dương Đái Đàm Đan Đàng Đạo Đào Đặng Đầu
Đậu Đèo Điền Điểu Điêu Đinh Đoàn Đoái Đồ Đỗ Đôn Đồng Đổng Đới Đường Giả Giang Giàng Giáp Hà Hạ Hạng Hán Hàn
Hầu Hình Hoa Hoàng Hoắc Hồ Hồng Hứa Huỳnh Hy Kha Khâu Khiếu Khoàng Khổng Khúc Khuất Khương Kiều Kim Kông Kpă
Ksor La Lã Lạc Lại Lai Lam Lâm Lành Lãnh Lăng Lầu Lâu Lê Lèo Lều Liên Liễu Liêu Lò Lô Lỗ Lộc Lộ Lôi Lù Lục
Luân Lương Lường Lưu Lý Lỳ Ma Mã Mạc Mạch Mai Man Mạnh Mang Màn Mào Mâu Mẫn Mè Mộc Mông Mùa Mục Nay Nghê
Nghiêm Ngô Ngọ Ngũ Ngụy Nguỵ Nguyễn Nhan Nhâm Nhữ Niê Ninh Nông Nùng Ôn Ông Phạm Phan Phàn Phí Phong Phù Phùng
Phương Quách Quan Quán Quàng Quản Quảng Quế Rah Rơ Sái Sâm Sầm Siu Sĩ Sơn Sùng Sử Tạ Tán Tăng Tẩn Tần Tất
Thạch Thạc Thái Thang Thào Thẩm Thân Thập Thi Thiều Thịnh Thôi Thục Tiên Tiền Tiêu Tiết Tô Tòng Tôn Tông Tống
Trà Trác Trạch Trang Tráng Trần Tri Triệu Triều Trịnh Trưng Trương Từ Tưởng Ty Úc Ung Uông Ứng Ưng Vàng Văn Vân Vệ
Vi Viêm Viên Việt Võ Vũ Vừ Vương Vưu Xa Xá Xin Yên
"""
SURNAMES = frozenset(_SURNAMES_WRITTEN.split())
"""As they are written; "Thị" and "Văn" between family and given name are no family names, but "Văn" is one too."""

_COMMON_SURNAMES_WRITTEN = """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý
"""
COMMON_SURNAMES = frozenset(_COMMON_SURNAMES_WRITTEN.split())
"""Those that most people bear: of several words that could begin a name, one of these does."""
