-- Dua puluh pertanyaan atas berkas terbitan. Jalankan: duckdb -readonly .padan/serving/current/<pembaca>/padan.duckdb < docs/contoh_kueri.sql
-- Baris "pembaca" menyebut berkas mana yang punya tabelnya; semua pembaca punya marts.indicator. Uji menjalankan semuanya.

-- 1. pembaca: semua. Terbitan mana ini, dari kode dan rilis DTSEN mana?
FROM quality.terbitan;

-- 2. pembaca: semua. Indikator apa saja yang ada, dan apa artinya?
SELECT indicator_code, nama, pembilang, penyebut, satuan, sumber FROM marts.indicator_definition ORDER BY indicator_code;

-- 3. pembaca: semua. Angka nasional terakhir setiap indikator.
SELECT i.indicator_code, d.nama, i.periode, i.numerator, i.denominator, round(i.value, 3) AS nilai, i.lower, i.upper
FROM marts.indicator i JOIN marts.indicator_definition d USING (indicator_code)
WHERE i.tingkat = 'nasional' AND i.kategori = 'semua' AND i.jenis_kelamin = 'semua' AND i.kelompok_umur = 'semua' AND NOT i.suppressed
QUALIFY row_number() OVER (PARTITION BY i.indicator_code ORDER BY length(i.periode), i.periode DESC) = 1 ORDER BY 1;

-- 4. pembaca: semua. Satu indikator menurut provinsi, dengan nama provinsi (makro).
SELECT w.nama AS provinsi, i.numerator, i.denominator, i.value FROM marts.indikator_terbaru('I06') i
JOIN codes.codes_wilayah w ON w.kode = i.kode_kemendagri WHERE i.tingkat = 'provinsi' ORDER BY i.value NULLS LAST;

-- 5. pembaca: semua. Semua indikator satu kabupaten (makro).
SELECT indicator_code, nama, periode, kategori, numerator, denominator, value FROM marts.indikator_wilayah('32.73');

-- 6. pembaca: semua. Kabupaten tanpa pekerja sosial berizin.
SELECT w.kode, w.nama FROM marts.indikator_terbaru('I09') i JOIN codes.codes_wilayah w ON w.kode = i.kode_kemendagri
WHERE i.tingkat = 'kabupaten' AND i.value = 1 ORDER BY w.kode;

-- 7. pembaca: semua. Riwayat bulanan satu indikator nasional.
SELECT periode, numerator, denominator, value FROM marts.indicator
WHERE indicator_code = 'I11' AND tingkat = 'nasional' AND length(periode) = 7 AND jenis_kelamin = 'semua' AND kelompok_umur = 'semua'
ORDER BY periode;

-- 8. pembaca: semua. Laki-laki dan perempuan dibandingkan, nasional.
SELECT indicator_code, jenis_kelamin, numerator, denominator, value FROM marts.indicator
WHERE tingkat = 'nasional' AND jenis_kelamin IN ('L', 'P') AND kategori = 'semua' AND NOT suppressed ORDER BY ALL;

-- 9. pembaca: semua. Seberapa banyak sel yang ditutup, menurut indikator dan tingkat?
SELECT indicator_code, tingkat, count(*) AS sel, count(*) FILTER (suppressed) AS ditutup FROM marts.indicator GROUP BY ALL ORDER BY ALL;

-- 10. pembaca: semua. Anak rentan menurut DTSEN dan yang terlihat di layanan, menurut aturan.
SELECT kategori AS aturan, numerator AS terlihat, denominator AS anak, value FROM marts.indikator_terbaru('I25')
WHERE tingkat = 'nasional' ORDER BY value;

-- 11. pembaca: semua. Lebar ketidakpastian padanan tiap indikator: di mana angkanya paling goyah?
SELECT indicator_code, max(upper - lower) AS lebar FROM marts.indicator WHERE tingkat = 'nasional' GROUP BY ALL ORDER BY lebar DESC NULLS LAST;

-- 12. pembaca: semua. Pemeriksaan mutu malam ini yang tidak lulus.
SELECT rule_id, table_name, dimension, severity, numerator, denominator FROM quality."check" WHERE NOT passed ORDER BY severity, rule_id;

-- 13. pembaca: kpai. Pengaduan dan bagian yang dirujuk, menurut klaster.
SELECT k.nama AS klaster, count(*) AS pengaduan, count(*) FILTER (c.dirujuk) AS dirujuk
FROM marts.kasus c LEFT JOIN codes.codes_klaster_kpai k ON k.kode = c.klaster GROUP BY ALL ORDER BY pengaduan DESC;

-- 14. pembaca: kpai. Anak dalam pengaduan: keluarganya terlihat di PKH? Kosong berarti tidak dapat diketahui.
SELECT status_padanan, pkh_terlihat, count(*) AS anak FROM marts.anak GROUP BY ALL ORDER BY ALL;

-- 15. pembaca: kpai. Rujukan menurut bulan, dan yang terlihat sampai ke layanan.
SELECT strftime(tanggal, '%Y-%m') AS bulan, count(*) AS dirujuk, count(*) FILTER (sampai_layanan) AS sampai
FROM marts.kasus WHERE dirujuk GROUP BY ALL ORDER BY bulan;

-- 16. pembaca: kpai. Pengawasan dengan temuan terbuka yang lewat batas.
SELECT no_was, nama_lks, status_lembaga, temuan, batas FROM marts.pengawasan WHERE lewat_batas ORDER BY batas;

-- 17. pembaca: kemensos. Lembaga yang akreditasinya habis dalam 90 hari.
SELECT no_td, nama_lks, kode_kabupaten, peringkat, tanggal_akhir FROM marts.lembaga, quality.terbitan
WHERE aktif AND tanggal_akhir BETWEEN as_of AND as_of + 90 ORDER BY tanggal_akhir;

-- 18. pembaca: kemensos. Hasil ATENSI menurut sentra.
SELECT sentra, hasil, count(*) AS kasus FROM marts.layanan WHERE jenis = 'ATENSI' AND status = 'SELESAI' GROUP BY ALL ORDER BY ALL;

-- 19. pembaca: kemensos. Anak asuh menurut keadaan orang tua dan akreditasi lembaganya.
SELECT status_ortu, akreditasi, count(*) AS anak FROM marts.hunian WHERE terbuka GROUP BY ALL ORDER BY anak DESC;

-- 20. pembaca: ditjenpas. Diversi menurut pasal.
SELECT pasal, diversi, count(*) AS litmas FROM marts.kasus WHERE diversi_dapat GROUP BY ALL ORDER BY litmas DESC;
