"""Notices of a department that does not exist, in the layouts that real ones have."""

WRAPPED = """SỞ KHOA HỌC VÀ CÔNG NGHỆ          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

TỈNH HẢI VÂN                    Độc lập - Tự do - Hạnh phúc

Số: 112/TB-SKHCN          Hải Vân, ngày 20 tháng 11 năm 2026

THÔNG BÁO

Kết luận của Giám đốc Sở Khoa học và Công nghệ

tại cuộc họp giao ban tháng 11 năm 2026

Ngày 18/11/2026, Giám đốc Sở Lê Minh Châu chủ trì cuộc họp giao ban tháng 11. Tham dự

có các Phó Giám đốc Sở (Trần Quốc Bảo, Phạm Thu Hà), lãnh đạo các phòng, đơn vị.

Sau khi nghe báo cáo và ý kiến thảo luận, Giám đốc Sở Lê Minh Châu kết luận như sau:

I. Đánh giá chung

- Văn phòng Sở đã tham mưu kịp thời, hoàn thành báo cáo trước ngày 10/11/2026.

II. Nhiệm vụ

1. Các phòng và đơn vị

- Rà soát nhiệm vụ chậm giải ngân theo Kế hoạch số 88/KH-SKHCN ngày 03/6/2026, gửi Phòng

Kế hoạch - Tài chính trước ngày 05 tháng 12 năm 2026.

- Phối hợp với Văn phòng Sở, Thanh tra Sở cập nhật hồ sơ điện tử trong quý I năm 2027.

2. Phòng Kế hoạch - Tài chính

- Về kinh phí đề tài: Giao Phó Giám đốc Trần Quốc Bảo chủ trì, Phòng Kế hoạch -Tài chính

tham mưu thực hiện.

- Về việc áp dụng tiêu chuẩn:

+ Tổng hợp kết quả khảo sát giai đoạn 2021-

2025;

+ Xây dựng video hướng dẫn.

3. Nội dung khác

- Thống nhất chủ trương mua sắm thiết bị đo.

- Giao Chi cục Tiêu chuẩn Đo lường Chất lượng kiểm tra thiết bị trong tháng 12; Trung tâm Ứng dụng

công nghệ bàn giao hồ sơ chậm nhất ngày 15/01/2027.

Yêu cầu các phòng, đơn vị phát huy tinh thần trách nhiệm, đoàn kết, hoàn thành nhiệm vụ.

Trên đây là kết luận của Giám đốc Sở, Văn phòng thông báo để các đơn vị biết, thực hiện./.

Nơi nhận:

- Giám đốc, các Phó Giám đốc Sở;

- Các phòng, đơn vị;

- Lưu: VT, VP.

TL. GIÁM ĐỐC

CHÁNH VĂN PHÒNG

Đỗ Gia Hân
"""

PROSE = (
    "THÔNG BÁO\nKết luận cuộc họp về Đề án đổi mới sáng tạo\n"
    "Ngày 18 tháng 11 năm 2026, Phó Chủ tịch Ủy ban nhân dân tỉnh Vũ Hải Đăng kết luận như sau:\n"
    "1. Thị trường công nghệ là công cụ quan trọng. Nghị định số 06/2026/NĐ-CP giao Sở Tài chính chủ trì lập quỹ.\n"
    "2. Về cơ chế phối hợp:\n"
    "Sở Tài chính chủ trì, phối hợp chặt chẽ với các Sở Xây dựng, Nội vụ, Tư pháp hoàn thiện Đề án.\n"
    "Sở Nội vụ góp ý dự thảo.\n"
)
