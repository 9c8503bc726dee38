/**
 * The partners of the documented night: 14 ministries (001), Public Security (004), EVN (001) and the 34 provinces and cities
 * since 1/7/2025. Unit codes are assumed (numbered in order, the official list replaces them); regions are those of the resolvers.
 */
import type { Text } from '../text.ts'

export type Partner = { id: string; kind: 'ministry' | 'utility' | 'province'; unitCode: string; region: string; title: Text }

export const PARTNERS: readonly Partner[] = [
  { id: 'agriculture-environment', kind: 'ministry', unitCode: 'G01', region: 'north', title: { vi: 'Bộ Nông nghiệp và Môi trường', en: 'Ministry of Agriculture and Environment' } },
  { id: 'science-technology', kind: 'ministry', unitCode: 'G02', region: 'north', title: { vi: 'Bộ Khoa học và Công nghệ', en: 'Ministry of Science and Technology' } },
  { id: 'home-affairs', kind: 'ministry', unitCode: 'G03', region: 'north', title: { vi: 'Bộ Nội vụ', en: 'Ministry of Home Affairs' } },
  { id: 'construction', kind: 'ministry', unitCode: 'G04', region: 'north', title: { vi: 'Bộ Xây dựng', en: 'Ministry of Construction' } },
  { id: 'industry-trade', kind: 'ministry', unitCode: 'G05', region: 'north', title: { vi: 'Bộ Công Thương', en: 'Ministry of Industry and Trade' } },
  { id: 'health', kind: 'ministry', unitCode: 'G06', region: 'north', title: { vi: 'Bộ Y tế', en: 'Ministry of Health' } },
  { id: 'education-training', kind: 'ministry', unitCode: 'G07', region: 'north', title: { vi: 'Bộ Giáo dục và Đào tạo', en: 'Ministry of Education and Training' } },
  { id: 'justice', kind: 'ministry', unitCode: 'G08', region: 'north', title: { vi: 'Bộ Tư pháp', en: 'Ministry of Justice' } },
  { id: 'state-bank', kind: 'ministry', unitCode: 'G09', region: 'north', title: { vi: 'Ngân hàng Nhà nước', en: 'State Bank' } },
  { id: 'ethnic-religious', kind: 'ministry', unitCode: 'G10', region: 'north', title: { vi: 'Bộ Dân tộc và Tôn giáo', en: 'Ministry of Ethnic and Religious Affairs' } },
  { id: 'culture-sports-tourism', kind: 'ministry', unitCode: 'G11', region: 'north', title: { vi: 'Bộ Văn hóa, Thể thao và Du lịch', en: 'Ministry of Culture, Sports and Tourism' } },
  { id: 'finance', kind: 'ministry', unitCode: 'G12', region: 'north', title: { vi: 'Bộ Tài chính', en: 'Ministry of Finance' } },
  { id: 'defence', kind: 'ministry', unitCode: 'G13', region: 'north', title: { vi: 'Bộ Quốc phòng', en: 'Ministry of National Defence' } },
  { id: 'foreign-affairs', kind: 'ministry', unitCode: 'G14', region: 'north', title: { vi: 'Bộ Ngoại giao', en: 'Ministry of Foreign Affairs' } },
  { id: 'public-security', kind: 'ministry', unitCode: 'G15', region: 'north', title: { vi: 'Bộ Công an', en: 'Ministry of Public Security' } },
  { id: 'evn', kind: 'utility', unitCode: 'G16', region: 'north', title: { vi: 'Tập đoàn Điện lực (EVN)', en: 'Electricity utility (EVN)' } },
  { id: 'ha-noi', kind: 'province', unitCode: 'H01', region: 'north', title: { vi: 'Hà Nội', en: 'Ha Noi' } },
  { id: 'hue', kind: 'province', unitCode: 'H02', region: 'central', title: { vi: 'Huế', en: 'Hue' } },
  { id: 'lai-chau', kind: 'province', unitCode: 'H03', region: 'north', title: { vi: 'Lai Châu', en: 'Lai Chau' } },
  { id: 'dien-bien', kind: 'province', unitCode: 'H04', region: 'north', title: { vi: 'Điện Biên', en: 'Dien Bien' } },
  { id: 'son-la', kind: 'province', unitCode: 'H05', region: 'north', title: { vi: 'Sơn La', en: 'Son La' } },
  { id: 'lang-son', kind: 'province', unitCode: 'H06', region: 'north', title: { vi: 'Lạng Sơn', en: 'Lang Son' } },
  { id: 'quang-ninh', kind: 'province', unitCode: 'H07', region: 'north', title: { vi: 'Quảng Ninh', en: 'Quang Ninh' } },
  { id: 'thanh-hoa', kind: 'province', unitCode: 'H08', region: 'central', title: { vi: 'Thanh Hóa', en: 'Thanh Hoa' } },
  { id: 'nghe-an', kind: 'province', unitCode: 'H09', region: 'central', title: { vi: 'Nghệ An', en: 'Nghe An' } },
  { id: 'ha-tinh', kind: 'province', unitCode: 'H10', region: 'central', title: { vi: 'Hà Tĩnh', en: 'Ha Tinh' } },
  { id: 'cao-bang', kind: 'province', unitCode: 'H11', region: 'north', title: { vi: 'Cao Bằng', en: 'Cao Bang' } },
  { id: 'tuyen-quang', kind: 'province', unitCode: 'H12', region: 'north', title: { vi: 'Tuyên Quang', en: 'Tuyen Quang' } },
  { id: 'lao-cai', kind: 'province', unitCode: 'H13', region: 'north', title: { vi: 'Lào Cai', en: 'Lao Cai' } },
  { id: 'thai-nguyen', kind: 'province', unitCode: 'H14', region: 'north', title: { vi: 'Thái Nguyên', en: 'Thai Nguyen' } },
  { id: 'phu-tho', kind: 'province', unitCode: 'H15', region: 'north', title: { vi: 'Phú Thọ', en: 'Phu Tho' } },
  { id: 'bac-ninh', kind: 'province', unitCode: 'H16', region: 'north', title: { vi: 'Bắc Ninh', en: 'Bac Ninh' } },
  { id: 'hung-yen', kind: 'province', unitCode: 'H17', region: 'north', title: { vi: 'Hưng Yên', en: 'Hung Yen' } },
  { id: 'hai-phong', kind: 'province', unitCode: 'H18', region: 'north', title: { vi: 'Hải Phòng', en: 'Hai Phong' } },
  { id: 'ninh-binh', kind: 'province', unitCode: 'H19', region: 'north', title: { vi: 'Ninh Bình', en: 'Ninh Binh' } },
  { id: 'quang-tri', kind: 'province', unitCode: 'H20', region: 'central', title: { vi: 'Quảng Trị', en: 'Quang Tri' } },
  { id: 'da-nang', kind: 'province', unitCode: 'H21', region: 'central', title: { vi: 'Đà Nẵng', en: 'Da Nang' } },
  { id: 'quang-ngai', kind: 'province', unitCode: 'H22', region: 'central', title: { vi: 'Quảng Ngãi', en: 'Quang Ngai' } },
  { id: 'gia-lai', kind: 'province', unitCode: 'H23', region: 'central', title: { vi: 'Gia Lai', en: 'Gia Lai' } },
  { id: 'khanh-hoa', kind: 'province', unitCode: 'H24', region: 'central', title: { vi: 'Khánh Hòa', en: 'Khanh Hoa' } },
  { id: 'lam-dong', kind: 'province', unitCode: 'H25', region: 'central', title: { vi: 'Lâm Đồng', en: 'Lam Dong' } },
  { id: 'dak-lak', kind: 'province', unitCode: 'H26', region: 'central', title: { vi: 'Đắk Lắk', en: 'Dak Lak' } },
  { id: 'ho-chi-minh', kind: 'province', unitCode: 'H27', region: 'south', title: { vi: 'Thành phố Hồ Chí Minh', en: 'Ho Chi Minh City' } },
  { id: 'dong-nai', kind: 'province', unitCode: 'H28', region: 'south', title: { vi: 'Đồng Nai', en: 'Dong Nai' } },
  { id: 'tay-ninh', kind: 'province', unitCode: 'H29', region: 'south', title: { vi: 'Tây Ninh', en: 'Tay Ninh' } },
  { id: 'can-tho', kind: 'province', unitCode: 'H30', region: 'south', title: { vi: 'Cần Thơ', en: 'Can Tho' } },
  { id: 'vinh-long', kind: 'province', unitCode: 'H31', region: 'south', title: { vi: 'Vĩnh Long', en: 'Vinh Long' } },
  { id: 'dong-thap', kind: 'province', unitCode: 'H32', region: 'south', title: { vi: 'Đồng Tháp', en: 'Dong Thap' } },
  { id: 'ca-mau', kind: 'province', unitCode: 'H33', region: 'south', title: { vi: 'Cà Mau', en: 'Ca Mau' } },
  { id: 'an-giang', kind: 'province', unitCode: 'H34', region: 'south', title: { vi: 'An Giang', en: 'An Giang' } },
]

const BY_ID: ReadonlyMap<string, Partner> = new Map(PARTNERS.map((partner) => [partner.id, partner]))

export function partnerOf(id: string): Partner {
  const partner = BY_ID.get(id)
  if (!partner) throw new Error(`no partner "${id}"`)
  return partner
}
