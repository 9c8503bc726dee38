/**
 * Every text of the report in both languages; a missing translation does not compile. `{name}` marks a value that `say` fills in.
 * Texts of the run itself (titles of steps, causes of findings) are printed as they were recorded.
 */
import type { Language, Text } from '../../contracts/text.ts'

const pair = (vi: string, en: string): Text => ({ vi, en })

export const TEXTS = {
  reportTitle: pair('Báo cáo tổng duyệt', 'Dress rehearsal report'),
  productLine: pair('Tổng duyệt đưa Cổng Dịch vụ công quốc gia vào vận hành', 'Dress rehearsal of the launch of the national public-service portal'),
  language: pair('Ngôn ngữ', 'Language'),
  contents: pair('Nội dung', 'Contents'),

  'state.pass': pair('Đạt', 'Pass'),
  'state.fail': pair('Không đạt', 'Fail'),
  'state.inconclusive': pair('Chưa kết luận được', 'Inconclusive'),
  'state.interrupted': pair('Bị dừng giữa chừng', 'Interrupted'),
  'state.unjudged': pair('Chưa có phán quyết', 'Not judged'),
  'explain.pass': pair('Mọi thao tác mà người dùng được báo thành công đều được tìm thấy ở mọi hệ thống phải có.', 'Every operation that a user was told had succeeded was found in every system where it is due.'),
  'explain.fail': pair('Ít nhất một tiêu chí không đạt. Từng lý do được nêu dưới đây, kèm hệ thống và đơn vị xử lý.', 'At least one criterion failed. Each reason is named below with system and unit.'),
  'explain.inconclusive': pair('Có điều không đo được hoặc lần chạy không hợp lệ, nên không khẳng định điều gì.', 'Something could not be measured or the run was not valid, so nothing is claimed.'),
  'explain.interrupted': pair('Lần chạy bị dừng trước khi kết thúc; báo cáo chỉ gồm những gì đã ghi được.', 'The run was stopped before its end; the report holds only what had been recorded.'),
  'explain.unjudged': pair('Thư mục lần chạy không có phán quyết; báo cáo chỉ gồm những gì đã ghi được.', 'The run folder holds no verdict; the report holds only what was recorded.'),

  'reason.findings': pair('{n} phát hiện', 'Findings: {n}'),
  'reason.failed': pair('{n} tiêu chí không đạt', 'Criteria failed: {n}'),
  'reason.inconclusive': pair('{n} tiêu chí chưa kết luận được', 'Criteria inconclusive: {n}'),
  'reason.partners': pair('{n} đối tác chưa xong', 'Partners unfinished: {n}'),
  'reason.validity': pair('{n} quy tắc hợp lệ không giữ', 'Rules of validity broken: {n}'),
  'reason.selfcheck': pair('Tự kiểm tra: {word}', 'Self-check: {word}'),
  'reason.gaps': pair('{n} tệp thiếu hoặc không nguyên vẹn', 'Files missing or not whole: {n}'),
  'reason.aborted': pair('Kịch bản tự dừng và hoàn tác: {note}', 'The runbook stopped and was undone: {note}'),
  'reason.clean': pair('{n} tiêu chí đều đạt, không có phát hiện', 'All {n} criteria pass, no finding'),

  runId: pair('Mã lần chạy', 'Run id'),
  target: pair('Môi trường đích', 'Target'),
  'kind.reference': pair('hệ thống tham chiếu của bộ công cụ', 'the tool\'s own reference stack'),
  'kind.foreign': pair('hệ thống bên ngoài', 'an external system'),
  timeScale: pair('Tỷ lệ thời gian', 'Time scale'),
  timeScaleNote: pair('1 giây thật = {n} giây kịch bản', '1 real second = {n} scenario seconds'),
  seed: pair('Số khởi tạo (seed)', 'Seed'),
  planHash: pair('Mã băm kế hoạch', 'Plan hash'),
  runbook: pair('Kịch bản', 'Runbook'),
  window: pair('Khung giờ (giờ kịch bản)', 'Window (scenario clock)'),
  startedAt: pair('Bắt đầu (giờ thật)', 'Started (wall clock)'),
  unknown: pair('không rõ', 'unknown'),

  simulated: pair('Mô phỏng', 'Simulated'),
  realOrSimulated: pair('Thật hay mô phỏng', 'Real or simulated'), nothingSimulated: pair('Không có phần nào mô phỏng', 'Nothing was simulated'),
  simulatedPartners: pair('{n} bộ, ngành, tỉnh, thành phố', '{n} ministries, utilities and provinces'),
  simulatedApprovals: pair('{n} phê duyệt (không hỏi người nào)', 'approvals without asking a person ({n})'),
  simulatedStack: pair('Cổng và các hệ thống phía sau là bản tham chiếu của bộ công cụ, không phải hệ thống thật', 'The portal and the systems behind it are the tool\'s reference stack, not the real ones'),
  approvals: pair('Phê duyệt', 'Approvals'),
  'approval.simulated': pair('Mô phỏng', 'Simulated'),
  'approval.person': pair('do người có thẩm quyền', 'by a person'),
  realParts: pair('Thật: {list}', 'Real: {list}'),
  absentParts: pair('Vắng mặt: {list}', 'Absent: {list}'),
  'mode.real': pair('thật', 'real'), 'mode.simulated': pair('mô phỏng', 'simulated'), 'mode.absent': pair('vắng mặt', 'absent'),
  plantedFaults: pair('Sự cố được cài trong lần chạy này', 'Faults planted in this run'),
  plantedNote: pair('Đây là lần diễn tập có cài sự cố để thử khả năng phát hiện.', 'Faults were planted on purpose, to try whether they are found.'),
  'fault.effective': pair('đã cài, có tác động', 'planted, took effect'), 'fault.idle': pair('đã cài, không có tác động', 'planted, no effect'), 'fault.not-planted': pair('không cài được', 'could not be planted'),
  assumptions: pair('Giả định', 'Assumptions'),
  assumptionsCount: pair('{n} giả định làm nền cho các số liệu', 'Assumptions behind the figures: {n}'),
  noAssumptions: pair('Không ghi nhận giả định nào.', 'No assumptions were recorded.'),

  partners: pair('Đối tác', 'Partners'),
  partnersComplete: pair('{n}/{m} đã đồng bộ đủ', '{n} of {m} complete'),
  'group.ministries': pair('Bộ, ngành', 'Ministries and utilities'), 'group.provinces': pair('Tỉnh, thành phố', 'Provinces and cities'),
  partner: pair('Đơn vị', 'Unit'), expected: pair('Phải có', 'Expected'), synced: pair('Đã đồng bộ', 'Synced'),
  finishedAt: pair('Xong lúc', 'Finished'), partnerState: pair('Tình trạng', 'Status'),
  'partner.complete': pair('đủ', 'complete'), 'partner.unfinished': pair('chưa xong', 'unfinished'), 'partner.surplus': pair('thừa', 'surplus'),
  'partner.unknown': pair('chưa rõ', 'unknown'), 'partner.absent': pair('vắng mặt', 'absent'),
  shortBy: pair('thiếu {n}', '{n} missing'), surplusBy: pair('thừa {n}', '{n} too many'), heldBack: pair('giữ lại {n} theo kịch bản', '{n} held back by the runbook'),
  partnersSource: pair('Phải có: plan.json. Đã đồng bộ, xong lúc: verdict.json, giờ kịch bản. Chưa xong xếp trước.', 'Expected: plan.json. Synced, finished at: verdict.json, scenario clock. Unfinished first.'),
  partnersUnjudged: pair('Chưa có phán quyết nên chưa biết số đã đồng bộ.', 'There is no verdict, so what was synced is not known.'),

  figures: pair('Số liệu', 'Figures'), keyFigures: pair('Số liệu chính', 'Key figures'), figure: pair('Chỉ tiêu', 'Figure'), value: pair('Giá trị', 'Value'), unitOf: pair('Đơn vị tính', 'Unit'),
  source: pair('Nguồn', 'Source'), sourceIs: pair('nguồn: {s}', 'source: {s}'), noFigures: pair('Phán quyết không nêu số liệu nào.', 'The verdict states no figures.'),
  'figure.operations': pair('Thao tác', 'Operations'), 'figure.peak': pair('Thao tác mỗi giây thật, cao nhất', 'Operations per real second, peak'),
  'figure.partners': pair('Đối tác đồng bộ đủ', 'Partners complete'), 'figure.verified': pair('Thao tác đã đối chiếu', 'Operations verified'), 'figure.expected': pair('Hồ sơ phải đồng bộ', 'Dossiers expected'),

  timeline: pair('Diễn biến kịch bản và tải', 'Runbook and load'),
  timelineIntro: pair('Trục ngang là giờ kịch bản. Tải và lỗi tính theo mỗi giây đồng hồ thật.', 'The axis is the scenario clock. Load and errors are per second of the wall clock.'),
  step: pair('Bước', 'Step'), gate: pair('Chốt', 'Gate'), owner: pair('Chủ trì', 'Owner'), outcome: pair('Kết quả', 'Outcome'), plannedAt: pair('Dự kiến', 'Planned'),
  beganAt: pair('Bắt đầu', 'Began'), endedAt: pair('Kết thúc', 'Ended'), conditions: pair('Điều kiện', 'Conditions'),
  'bar.done': pair('xong', 'done'), 'bar.go': pair('tiếp tục', 'go'), 'bar.not-done': pair('chưa xong', 'not done'), 'bar.no-go': pair('không tiếp tục', 'no go'),
  'bar.error': pair('lỗi', 'error'), 'bar.running': pair('dở dang', 'cut short'), 'bar.not-reached': pair('chưa tới', 'not reached'), undone: pair('đã hoàn tác', 'undone'),
  breaches: pair('{n} lần vượt ngưỡng giám sát', 'watch breached {n} times'), watchTable: pair('Vượt ngưỡng giám sát ({n})', 'Breaches of the watch ({n})'), watchStep: pair('Bước hoặc trạng thái', 'Step or state'), recoveredAt: pair('Trở lại', 'Recovered'), notRecovered: pair('không trở lại', 'not recovered'), observed: pair('đo được', 'observed'), notMeasured: pair('không đo được', 'not measured'),
  'load.citizens': pair('Người dân', 'Citizens'), 'load.staff': pair('Cán bộ', 'Staff'), 'load.payments': pair('Thanh toán', 'Payments'), 'load.sms': pair('SMS', 'SMS'), 'load.dossierSync': pair('Đồng bộ hồ sơ', 'Dossier sync'), 'load.statusSync': pair('Đồng bộ trạng thái', 'Status sync'),
  loadAxis: pair('thao tác/giây', 'operations/s'), errorAxis: pair('lỗi/giây', 'errors/s'), 'outcome.fail': pair('Bị từ chối', 'Refused'), 'outcome.info': pair('Không rõ kết quả', 'Outcome unknown'),
  scenarioClock: pair('giờ kịch bản', 'scenario clock'), wallClock: pair('giờ thật', 'wall clock'),
  stepTable: pair('Bảng các bước', 'Table of the steps'), loadTable: pair('Bảng tải', 'Table of the load'), time: pair('Giờ', 'Time'), noTimeline: pair('Không có nhật ký của lần chạy nên không vẽ được diễn biến.', 'There is no journal of the run, so nothing can be drawn.'),
  noLoad: pair('Không có lịch sử thao tác nên không có tải để vẽ.', 'There is no history, so there is no load to draw.'),

  dns: pair('Hội tụ DNS theo vùng', 'DNS convergence by region'),
  dnsIntro: pair('Tỷ lệ câu trả lời mang địa chỉ mới của máy phân giải mỗi vùng, gộp theo {n} phút kịch bản.', 'Share of each regional resolver\'s answers that carry the new address, in steps of {n} scenario minutes.'),
  region: pair('Vùng', 'Region'), resolverProfile: pair('Kiểu máy phân giải', 'Resolver profile'), answers: pair('Câu trả lời', 'Answers'), firstNew: pair('Địa chỉ mới lần đầu', 'New address first seen'),
  lastOld: pair('Địa chỉ cũ lần cuối', 'Old address last seen'), afterSwitch: pair('Sau khi chuyển', 'After the switch'), converged: pair('Hội tụ', 'Converged'), yes: pair('có', 'yes'), no: pair('không', 'no'),
  oldPortalServed: pair('Thao tác vào cổng cũ sau khi chuyển', 'Operations on the old portal after the switch'), dnsSwitch: pair('chuyển DNS', 'DNS switch'), noDns: pair('Không có câu trả lời nào của máy phân giải.', 'There are no answers of the resolvers.'),

  latency: pair('Thời gian trả lời', 'Answer times'), latencyIntro: pair('Từ lúc gọi đến lúc xong, mili giây đồng hồ thật; p50 và p95 là giá trị đã xảy ra.', 'From call to completion in milliseconds of the wall clock; p50 and p95 are values that occurred.'),
  flow: pair('Luồng', 'Flow'), operations: pair('Thao tác', 'Operations'), longest: pair('lâu nhất', 'longest'), refused: pair('Bị từ chối', 'Refused'), open: pair('Không rõ', 'Unknown'),

  certificate: pair('Chứng nhận bộ tạo tải', 'The generator\'s certificate'), certificateIntro: pair('Tải đã thật sự được phát như kế hoạch, và cái được đo không phải là bộ tạo tải: {n} trong {m} điều giữ.', 'That the planned load was really applied, and that it was not the generator which was measured: {n} of {m} hold.'),
  processTable: pair('Mức dùng của từng tiến trình ({n})', 'What each process took ({n})'), process: pair('Tiến trình', 'Process'), coresMean: pair('Lõi CPU, trung bình', 'Cores, mean'), coresMax: pair('Lõi CPU, cao nhất', 'Cores, at most'),
  eventLoop: pair('Trễ vòng lặp p99, ms', 'Event loop p99, ms'), memory: pair('Bộ nhớ, MiB', 'Memory, MiB'),
  transactions: pair('Giao dịch đầu – cuối', 'End-to-end transactions'), transactionsIntro: pair('Từ lúc dự kiến bắt đầu đến lúc bên cuối cùng ghi nhận, mili giây đồng hồ thật.', 'From the intended start to the moment the last party wrote it, milliseconds of the wall clock.'),
  transaction: pair('Giao dịch', 'Transaction'), finishedCount: pair('Đã xong', 'Finished'), unfinishedCount: pair('Chưa xong', 'Unfinished'), slowestCases: pair('{n} trường hợp chậm nhất: {name}', '{n} slowest cases: {name}'),
  journey: pair('Hành trình', 'Journey'), lastSystem: pair('Hệ thống cuối', 'Last system'), milliseconds: pair('mili giây', 'ms'),
  loadCriteria: pair('Tiêu chí của tải', 'Criteria of the load'), loadCriteriaIntro: pair('Như hồ sơ tải viết; thời gian và tốc độ theo đồng hồ thật, giai đoạn theo giờ kịch bản.', 'As the profile writes them; times and rates of the wall clock, phases on the scenario clock.'),
  wholeRun: pair('Cả lần chạy', 'The whole run'), phase: pair('Giai đoạn {name}', 'Phase {name}'),
  arrivals: pair('Lượt dự kiến và lượt đã phát', 'Planned and begun iterations'), arrivalsIntro: pair('{n} lượt đã phát trong {m} lượt dự kiến; mỗi giây đồng hồ thật, trên trục giờ kịch bản.', '{n} of {m} planned iterations began; per second of the wall clock, over the scenario clock.'),
  arrivalsTable: pair('Bảng lượt theo giờ', 'Table of the iterations'), arrivalAxis: pair('lượt/giây', 'iterations/s'), planned: pair('Dự kiến', 'Planned'),
  'actor.citizen': pair('Người dân, tổ chức', 'Citizens, companies'), 'actor.staff': pair('Cán bộ', 'Staff'), 'actor.partner': pair('Hệ thống bộ, tỉnh', 'Partners\' systems'),
  derivation: pair('Cách tính tải', 'How the load was derived'), derivationIntro: pair('{n} số liệu từ văn bản đến tốc độ, trong đó {m} là giả định.', '{n} figures from the documents to the rates, {m} of them assumed.'), derivationTable: pair('Bảng tính ({n})', 'Derivation ({n})'),
  how: pair('Cách tính', 'How'), assumed: pair('giả định', 'assumed'), computed: pair('tính từ các dòng trên', 'computed from the lines above'),

  findings: pair('Phát hiện', 'Findings'), noFindings: pair('Không có phát hiện nào.', 'There are no findings.'), findingsUnknown: pair('Chưa có phán quyết nên chưa có phát hiện.', 'There is no verdict, so there are no findings yet.'),
  anonymous: pair('Chưa quy về sự cố đã biết', 'Not traced to a known incident'), system: pair('Hệ thống', 'System'), unit: pair('Đơn vị xử lý', 'Handling unit'), since: pair('Từ', 'Since'), count: pair('Số lượng', 'Count'),
  class: pair('Loại', 'Class'), cause: pair('Nguyên nhân', 'Cause'), measure: pair('Biện pháp', 'Measure'), deadline: pair('Thời hạn', 'Deadline'), rerun: pair('Điều kiện chạy lại', 'Condition for running again'), power: pair('Sức phát hiện', 'Power'),
  examples: pair('Ví dụ ({n} trong {m})', 'Examples ({n} of {m})'), dossierCode: pair('Mã hồ sơ', 'Dossier code'), procedure: pair('Thủ tục', 'Procedure'), errorText: pair('Lỗi', 'Error'), statuses: pair('Trạng thái trên từng hệ thống', 'Status on each system'), evidence: pair('Chứng cứ', 'Evidence'),
  lines: pair('dòng {n}', 'line {n}'), more: pair('và {n} nữa', 'and {n} more'),

  criteria: pair('Tiêu chí', 'Criteria'), criterion: pair('Tiêu chí', 'Criterion'), expectedOf: pair('Yêu cầu', 'Expected'), observedOf: pair('Thực tế', 'Observed'), status: pair('Kết quả', 'Status'), noCriteria: pair('Phán quyết không có tiêu chí nào.', 'The verdict holds no criteria.'),
  criteriaPassed: pair('{n} tiêu chí đạt', 'Criteria passed: {n}'),
  coverage: pair('Phạm vi đối chiếu', 'Coverage'), coverageText: pair('{v} trong {o} thao tác đã đối chiếu trên {s} hệ thống đọc đến hết.', '{v} of {o} operations verified against {s} systems read to the end.'), systemsRead: pair('{n} hệ thống', 'Systems: {n}'), noCoverage: pair('Chưa có phán quyết nên chưa biết phạm vi.', 'There is no verdict, so coverage is not known.'),

  trust: pair('Độ tin cậy của kết quả', 'How far the result can be trusted'), validity: pair('Tính hợp lệ', 'Validity'), validityGood: pair('Mọi quy tắc hợp lệ đều giữ.', 'Every rule of validity held.'), noOutcome: pair('Không có outcome.json.', 'There is no outcome.json.'),
  selfcheck: pair('Tự kiểm tra bộ phán quyết', 'Self-check of the judge'), selfcheckText: pair('{n} trong {m} bản ghi bị sửa thử (trong bộ nhớ) đã được nêu đúng tên; {s} kết quả thừa.', '{n} of {m} records altered for a trial (in memory) were named; {s} surplus results.'),
  canary: pair('Bản ghi thử', 'Canary'), mutation: pair('Cách sửa', 'Mutation'), operation: pair('Thao tác', 'Operation'), namedAs: pair('Được nêu là', 'Named as'), notNamed: pair('không được nêu', 'not named'),
  'mutation.drop': pair('xóa', 'dropped'), 'mutation.double': pair('nhân đôi', 'doubled'), 'mutation.misroute': pair('chuyển sai chỗ', 'misrouted'), 'mutation.stale': pair('làm cũ', 'made stale'), 'mutation.alter': pair('sửa trường', 'altered'),
  gaps: pair('Thiếu gì trong hồ sơ lần chạy', 'What the records lack'), file: pair('Tệp', 'File'), trouble: pair('Vấn đề', 'Trouble'),
  'gap.missing': pair('không có', 'missing'), 'gap.unreadable': pair('không đọc được: {d}', 'cannot be read: {d}'), 'gap.torn': pair('{d} dòng không đọc được, đã bỏ qua', '{d} lines could not be read and were left out'), 'gap.open': pair('không có dòng kết, nên có thể bị cắt', 'no trailer, so it may have been cut'),
  clocks: pair('Hai đồng hồ', 'Two clocks'),
  clocksText: pair('Giờ thật: thời gian trả lời, nhịp tải, thời hạn chờ HTTP. Giờ kịch bản = giờ thật × {n}: khung giờ, các bước, thời hạn hội tụ, tuổi bản ghi DNS, hạn của QR và biên lai. Mọi giờ in trong báo cáo là giờ Hà Nội (UTC+7) và nêu rõ đồng hồ nào.', 'Wall clock: answer times, rates, HTTP timeouts. Scenario clock = wall clock × {n}: window, steps, convergence bounds, ageing of DNS records, lifetimes of QR codes and receipts. Every printed time is Hanoi time (UTC+7) and says which clock.'),
  bounds: pair('Thời hạn hội tụ dùng để phán quyết (giờ thật): {list}', 'Convergence bounds used in judging (wall clock): {list}'),
  versions: pair('Phiên bản', 'Versions'),
} satisfies Record<string, Text>

export type TextKey = keyof typeof TEXTS

export function say(language: Language, key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return TEXTS[key][language].replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder))
}
