"""Openings and closings of notices of bodies that do not exist, in the layouts that real ones have."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """A notice, and what a reader should find in it. Days are written as YYYY-MM-DD."""

    text: str
    issuer: str
    number: str | None
    issued_on: str | None
    held_on: str
    concluded_by: str
    signed_by: str
    present: tuple[str, ...]


LAYOUTS: dict[str, Layout] = {
    "party": Layout(
        text="""ĐẢNG BỘ TỈNH LÂM SƠN\tĐẢNG CỘNG SẢN VIỆT NAM
ĐẢNG ỦY UBND TỈNH\t
*\tLâm Sơn, ngày 12 tháng 5 năm 2026
Số 45-TB/ĐU

THÔNG BÁO
Kết luận của đồng chí Phó Bí thư Thường trực Đảng ủy
tại Hội nghị giao ban quý I/2026
-----
Sáng ngày 08/5/2026, tại trụ sở, đồng chí Trần Đình Cẩn, Phó Bí thư Thường trực Đảng ủy chủ trì Hội nghị. Dự Hội
nghị có các đồng chí Ủy viên Ban Thường vụ: Hồ Thị Lài, Y Thanh Niê Kđăm, K'Brôi; đồng chí Lơ Mu Ha Krong, Chánh
Văn phòng. Sau khi nghe báo cáo, đồng chí Phó Bí thư Thường trực kết luận như sau:
1. Giao Văn phòng rà soát quy chế.
Nơi nhận:
- Thường trực Tỉnh ủy (b/c),
- Lưu VPĐU.
T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ
Trần Đình Cẩn
""",
        issuer="ĐẢNG ỦY UBND TỈNH",
        number="45-TB/ĐU",
        issued_on="2026-05-12",
        held_on="2026-05-08",
        concluded_by="Trần Đình Cẩn",
        signed_by="Trần Đình Cẩn",
        present=(
            "Hồ Thị Lài",
            "Y Thanh Niê Kđăm",
            "K'Brôi",
            "Lơ Mu Ha Krong",
        ),
    ),
    "police": Layout(
        text="""CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
BỘ CÔNG AN
CÔNG AN TỈNH BÌNH LÂM
Số: 1234/TB-CAT-PV01
Bình Lâm, ngày 3 tháng 6 năm 2026
THÔNG BÁO
Kết luận của Đại tá Lý Văn Tiến, Giám đốc Công an tỉnh tại hội nghị giao ban
Trong 02 ngày 28 và 29/5/2026, Đại tá Lý Văn Tiến, Giám đốc Công an tỉnh đã chủ trì hội nghị giao ban. Tham dự
có Thượng tá Mai Xuân Hòa, Trung tá Nguyễn Thị Thu - Phó Giám đốc; chỉ huy các phòng. Sau khi nghe báo cáo, Đại
tá Giám đốc kết luận:
1. Phòng Tham mưu theo dõi.
Nơi nhận:
- Như trên;
- Lưu: VT.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
(đã ký)
Thượng tá Mai Xuân Hòa
""",
        issuer="CÔNG AN TỈNH BÌNH LÂM",
        number="1234/TB-CAT-PV01",
        issued_on="2026-06-03",
        held_on="2026-05-28",
        concluded_by="Lý Văn Tiến",
        signed_by="Mai Xuân Hòa",
        present=(
            "Mai Xuân Hòa",
            "Nguyễn Thị Thu",
        ),
    ),
    "power company with a list of people": Layout(
        text="""TẬP ĐOÀN ĐIỆN LỰC MIỀN DUYÊN HẢI
CÔNG TY ĐIỆN LỰC HẢI BÌNH
Số:       /TB-PCHB
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hải Bình, ngày      tháng 7 năm 2026

THÔNG BÁO
KẾT LUẬN CỦA GIÁM ĐỐC CÔNG TY TẠI CUỘC HỌP GIAO BAN TUẦN 28

Thực hiện chương trình công tác năm 2026 và Kế hoạch số 12/KH-PCHB ngày 05/01/2026, ngày 06/7/2026 tại Hội
trường A, ông Lâm Chí Dũng - Giám đốc Công ty đã chủ trì cuộc họp giao ban tuần 28.
Thành phần tham dự:
- Ông Phạm Quốc Việt - Phó Giám đốc kỹ thuật;
- Bà Đoàn Thị Hạnh - Kế toán trưởng;
- Trưởng các phòng, Giám đốc các điện lực trực thuộc.
Vắng: ông Bùi Văn Cường (đi công tác).
Sau khi nghe các đơn vị báo cáo, Giám đốc Công ty kết luận như sau:
I. Đánh giá chung
- Các đơn vị đã hoàn thành tốt.
II. Nhiệm vụ
1. Phòng Kỹ thuật lập phương án.
Nơi nhận:                     TUQ. GIÁM ĐỐC
- Ban Giám đốc;               CHÁNH VĂN PHÒNG
- Các đơn vị;
- Lưu: VT.
                              Nguyễn Thị Kim Oanh
""",
        issuer="CÔNG TY ĐIỆN LỰC HẢI BÌNH",
        number=None,
        issued_on=None,
        held_on="2026-07-06",
        concluded_by="Lâm Chí Dũng",
        signed_by="Nguyễn Thị Kim Oanh",
        present=(
            "Phạm Quốc Việt",
            "Đoàn Thị Hạnh",
        ),
    ),
    "bank with headings": Layout(
        text="""NGÂN HÀNG THƯƠNG MẠI CỔ PHẦN SÔNG HẬU
CHI NHÁNH CẦN LONG
Số: 88/2026/TB-CNCL

Cần Long, ngày 02 tháng 02 năm 2026

BIÊN BẢN KẾT LUẬN
Cuộc họp giao ban đầu năm

1. Thời gian: 8h30 ngày 30/01/2026 đến 11h00 cùng ngày
2. Địa điểm: Phòng họp lầu 3
3. Chủ tọa: Bà Huỳnh Ngọc Diệp – Giám đốc Chi nhánh
4. Thư ký: Ông Tô Minh Khang
5. Thành phần tham dự: Ông Trương Gia Bảo – Phó Giám đốc; ông Lê Hữu Phước – Trưởng phòng Khách hàng doanh
nghiệp; toàn thể trưởng phòng.
6. Nội dung kết luận
6.1. Phòng Khách hàng cá nhân rà soát dư nợ.
THƯ KÝ                         CHỦ TỌA

Tô Minh Khang                  Huỳnh Ngọc Diệp
""",
        issuer="CHI NHÁNH CẦN LONG",
        number="88/2026/TB-CNCL",
        issued_on="2026-02-02",
        held_on="2026-01-30",
        concluded_by="Huỳnh Ngọc Diệp",
        signed_by="Huỳnh Ngọc Diệp",
        present=(
            "Trương Gia Bảo",
            "Lê Hữu Phước",
        ),
    ),
    "table with lines in its cells": Layout(
        text="""| **ỦY BAN NHÂN DÂN**<br>**TỈNH ĐÔNG LĨNH**<br>**VĂN PHÒNG** \
| **CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM**<br>**Độc lập - Tự do - Hạnh phúc** |
| --- | --- |
| Số: 77/TB-VPUBND | *Đông Lĩnh, ngày 9 tháng 10 năm 2025* |

**THÔNG BÁO**

**Kết luận của Phó Chủ tịch Thường trực UBND tỉnh Võ Thành Nhơn tại cuộc họp về dự án cầu Sông Lĩnh**

Ngày 07 tháng 10 năm 2025, Phó Chủ tịch Thường trực Ủy ban nhân dân tỉnh Võ Thành Nhơn chủ trì họp nghe báo cáo
tiến độ dự án cầu Sông Lĩnh. Cùng dự họp có đồng chí Lê Thị Ái Vân, Giám đốc Sở Tài chính; lãnh đạo các Sở: Xây
dựng, Nội vụ; đại diện Ban QLDA. Sau khi nghe Ban QLDA báo cáo, ý kiến của các đại biểu, Phó Chủ tịch Thường
trực UBND tỉnh kết luận, chỉ đạo như sau:

1. Giao Sở Tài chính bố trí vốn.

| **Nơi nhận:**<br>- CT, các PCT UBND tỉnh;<br>- Lưu: VT, KT. \
| **TL. CHỦ TỊCH**<br>**KT. CHÁNH VĂN PHÒNG**<br>**PHÓ CHÁNH VĂN PHÒNG**<br><br>**Hoàng Đức Thắng** |
| --- | --- |
""",
        issuer="VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH ĐÔNG LĨNH",
        number="77/TB-VPUBND",
        issued_on="2025-10-09",
        held_on="2025-10-07",
        concluded_by="Võ Thành Nhơn",
        signed_by="Hoàng Đức Thắng",
        present=("Lê Thị Ái Vân",),
    ),
    "English forum": Layout(
        text="""INTERNATIONAL RIVER BASIN FORUM
Office of the Secretary General
Ref. No. IRBF/SG/2026/114
Geneva, 14 September 2026

SUMMARY OF CONCLUSIONS
Fourth Session of the Steering Group

The Fourth Session of the Steering Group was held in Geneva from 30 August to 2 September 2026. Ms. Anne-Marie
O'Connell, Chairperson of the Steering Group, chaired the session. The session was attended by Mr. Juan Carlos
de la Vega (Vice-Chairperson), Dr. Nguyen Thi Hoa (Secretary General), H.E. Bounthong Keomany and
representatives of ten countries. Mr. Peter Falk sent his apologies.

1. The Secretariat shall circulate the report by 30 September 2026.

Distribution: all members.

(signed)
Dr. Nguyen Thi Hoa
Secretary General
On behalf of the Chairperson
""",
        issuer="INTERNATIONAL RIVER BASIN FORUM Office of the Secretary General",
        number="IRBF/SG/2026/114",
        issued_on="2026-09-14",
        held_on="2026-08-30",
        concluded_by="Anne-Marie O'Connell",
        signed_by="Nguyen Thi Hoa",
        present=(
            "Juan Carlos de la Vega",
            "Nguyen Thi Hoa",
            "Bounthong Keomany",
        ),
    ),
    "two columns two spaces apart": Layout(
        text="""UBND THÀNH PHỐ TÂN AN BÌNH  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ GIÁO DỤC VÀ ĐÀO TẠO  Độc lập - Tự do - Hạnh phúc
Số: 2210 /TB-SGDĐT  Tân An Bình, ngày 20 tháng 8 năm 2026
THÔNG BÁO
Kết luận của Giám đốc Sở Giáo dục và Đào tạo Cao Thị Bạch Tuyết
tại Hội nghị triển khai nhiệm vụ năm học 2026 - 2027
Ngày 18/8, tại Trung tâm Hội nghị, Giám đốc Sở Giáo dục và Đào tạo Cao Thị Bạch Tuyết đã chủ trì Hội nghị triển
khai nhiệm vụ năm học. Tham dự Hội nghị có Phó Giám đốc Sở Ngô Quang Vinh và Phó Giám đốc Sở Trịnh Duy Mạnh cùng
hiệu trưởng các trường.
Trên cơ sở các ý kiến, Giám đốc Sở kết luận:
1. Các trường rà soát cơ sở vật chất.
Nơi nhận: Các trường; Ban Giám đốc; Lưu: VT.
GIÁM ĐỐC
Cao Thị Bạch Tuyết
""",
        issuer="SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        number="2210/TB-SGDĐT",
        issued_on="2026-08-20",
        held_on="2026-08-18",
        concluded_by="Cao Thị Bạch Tuyết",
        signed_by="Cao Thị Bạch Tuyết",
        present=(
            "Ngô Quang Vinh",
            "Trịnh Duy Mạnh",
        ),
    ),
    "no letterhead": Layout(
        text="""THÔNG BÁO
Kết luận của Chủ tịch UBND huyện Mường Tà tại phiên họp thường kỳ tháng 5/2024

Ngày 27-28/5/2024, UBND huyện Mường Tà tổ chức phiên họp thường kỳ tháng 5/2024, do ông Quàng Văn Hặc, Chủ tịch
UBND huyện chủ trì. Dự họp có: ông Lường Văn Thưởng, bà Cà Thị Hiên – Phó Chủ tịch UBND huyện; ông Vừ A Lử,
Trưởng phòng Dân tộc; đại diện Thường trực HĐND huyện. Sau khi nghe các cơ quan báo cáo, Chủ tịch UBND huyện kết
luận:
1. Phòng Dân tộc rà soát danh sách.
TL. CHỦ TỊCH
CHÁNH VĂN PHÒNG
Tòng Thị Phương
""",
        issuer="UBND huyện Mường Tà",
        number=None,
        issued_on=None,
        held_on="2024-05-27",
        concluded_by="Quàng Văn Hặc",
        signed_by="Tòng Thị Phương",
        present=(
            "Lường Văn Thưởng",
            "Cà Thị Hiên",
            "Vừ A Lử",
        ),
    ),
    "two columns one after the other": Layout(
        text="""BỘ Y TẾ
VĂN PHÒNG BỘ
-------
Số: 512/TB-VPB
CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập – Tự do – Hạnh phúc
---------------
Hà Nội, ngày 01 tháng 12 năm 2025

THÔNG BÁO
Kết luận của Thứ trưởng Đỗ Xuân Lộc tại buổi làm việc với Sở Y tế các tỉnh

Chiều ngày 28 tháng 11 năm 2025, tại trụ sở Bộ Y tế, dưới sự chủ trì của GS.TS Đỗ Xuân Lộc - Thứ trưởng Bộ Y tế,
Bộ Y tế tổ chức buổi làm việc với Sở Y tế các tỉnh. Tham gia buổi làm việc có PGS.TS Kiều Thu Trà, Cục trưởng
Cục Quản lý Khám, chữa bệnh; TS.BS Lại Đức Anh, Vụ trưởng Vụ Bảo hiểm y tế.
Sau khi nghe báo cáo của Cục Quản lý Khám, chữa bệnh và ý kiến của các đại biểu, Thứ trưởng Đỗ Xuân Lộc kết luận
như sau:
1. Cục Quản lý Khám, chữa bệnh hướng dẫn các Sở Y tế.
Nơi nhận:
- Bộ trưởng (để báo cáo);
- Lưu: VT, VPB.
TL. BỘ TRƯỞNG
CHÁNH VĂN PHÒNG BỘ
TS. Hà Anh Tuấn
""",
        issuer="VĂN PHÒNG BỘ",
        number="512/TB-VPB",
        issued_on="2025-12-01",
        held_on="2025-11-28",
        concluded_by="Đỗ Xuân Lộc",
        signed_by="Hà Anh Tuấn",
        present=(
            "Kiều Thu Trà",
            "Lại Đức Anh",
        ),
    ),
    "court with a name in capitals": Layout(
        text="""TÒA ÁN NHÂN DÂN TỐI CAO
TÒA ÁN NHÂN DÂN TỈNH BẮC LÂM
Số: 33/TB-TAT
Bắc Lâm, ngày 15/9/2025

THÔNG BÁO
Về kết luận của Chánh án tại cuộc họp Ủy ban Thẩm phán

Hồi 14 giờ 00 phút ngày 11 tháng 9 năm 2025, Tòa án nhân dân tỉnh họp Ủy ban Thẩm phán. Chủ trì cuộc họp: Đồng
chí Nghiêm Thị Hằng Nga, Chánh án. Tham dự: các đồng chí Phó Chánh án Đặng Văn Hùng, Phùng Minh Đức; các Thẩm
phán. Sau khi thảo luận, đồng chí Chánh án kết luận:
1. Văn phòng chuẩn bị hồ sơ.
Nơi nhận:
- Các đơn vị;
- Lưu: VP.
CHÁNH ÁN
NGHIÊM THỊ HẰNG NGA
""",
        issuer="TÒA ÁN NHÂN DÂN TỈNH BẮC LÂM",
        number="33/TB-TAT",
        issued_on="2025-09-15",
        held_on="2025-09-11",
        concluded_by="Nghiêm Thị Hằng Nga",
        signed_by="NGHIÊM THỊ HẰNG NGA",
        present=(
            "Đặng Văn Hùng",
            "Phùng Minh Đức",
        ),
    ),
}
