"""Each entity: valid, bad check digit, neighbours, separators, boundaries, two occurrences."""

import pytest

from extproc.inspectors.sensitivity.analyzer import RULES, TYPES, Analyzer

ANALYZER = Analyzer()


def found(text: str) -> list[tuple[str, str]]:
    return [(e.type, text[e.start : e.end]) for e in ANALYZER.scan(text) if e.score >= 0.5]


FOUND = [
    # US_SSN
    ("my SSN is 536-90-4399", [("US_SSN", "536-90-4399")]),
    ("536-90-4399", [("US_SSN", "536-90-4399")]),
    ("(536-90-4399).", [("US_SSN", "536-90-4399")]),
    ("536-90-4399,219-09-1234", [("US_SSN", "536-90-4399"), ("US_SSN", "219-09-1234")]),
    ("ssn 536 90 4399", [("US_SSN", "536 90 4399")]),
    ("ssn: 536904399", [("US_SSN", "536904399")]),
    ("social security number 5 3 6 9 0 4 3 9 9", [("US_SSN", "5 3 6 9 0 4 3 9 9")]),
    ("SSN ５３６-９０-４３９９", [("US_SSN", "５３６-９０-４３９９")]),
    ("SSN ५३६-९०-४३९९", [("US_SSN", "५३६-९०-४३९९")]),
    ("536\u201190\u20114399", [("US_SSN", "536\u201190\u20114399")]),
    ("ssn 536\u00a090\u00a04399", [("US_SSN", "536\u00a090\u00a04399")]),
    ("5\u200b36-9\u200b0-4399\u200b", [("US_SSN", "5\u200b36-9\u200b0-4399")]),
    ("番号536-90-4399です", [("US_SSN", "536-90-4399")]),
    ('{"ssn":"536-90-4399"}', [("US_SSN", "536-90-4399")]),
    ("employeeSsn=536904399", [("US_SSN", "536904399")]),
    ("my SSN is 123-45-6789", [("US_SSN", "123-45-6789")]),
    ("SSN 078-05-1120", [("US_SSN", "078-05-1120")]),
    # in sentences, calendars and other languages
    (
        "please debit checking account 266734129042 for the dues",
        [("US_BANK_NUMBER", "266734129042")],
    ),
    ("and a driver's license (D4860646).", [("US_DRIVER_LICENSE", "D4860646")]),
    ("her driving licence is 94815525", [("US_DRIVER_LICENSE", "94815525")]),
    ("BDAY:1962-07-30", [("DATE_OF_BIRTH", "1962-07-30")]),
    ("geboren am 30/07/1962", [("DATE_OF_BIRTH", "30/07/1962")]),
    ("née le 12/03/1980 à Lyon", [("DATE_OF_BIRTH", "12/03/1980")]),
    ("ssh ops@119.109.30.26", [("IP_ADDRESS", "119.109.30.26")]),
    # dates of birth, as many languages write them
    ("née le 4 mars 1990, demeurant à Tours", [("DATE_OF_BIRTH", "4 mars 1990")]),
    ("geb. 3. Mai 1988 in Köln", [("DATE_OF_BIRTH", "3. Mai 1988")]),
    ("Fecha de nacimiento: 12 de agosto de 1979", [("DATE_OF_BIRTH", "12 de agosto de 1979")]),
    ("nato a Bari il 2 giugno 1970", [("DATE_OF_BIRTH", "2 giugno 1970")]),
    ("fødselsdato 23.02.1977", [("DATE_OF_BIRTH", "23.02.1977")]),
    ("född 1985-02-11", [("DATE_OF_BIRTH", "1985-02-11")]),
    ("syntymäaika 1.2.1990", [("DATE_OF_BIRTH", "1.2.1990")]),
    ("urodzona 5 maja 1991 r.", [("DATE_OF_BIRTH", "5 maja 1991")]),
    ("született 1990. március 4.", [("DATE_OF_BIRTH", "1990. március 4.")]),
    ("doğum tarihi: 12.05.1988", [("DATE_OF_BIRTH", "12.05.1988")]),
    ("дата рождения 12.04.1986", [("DATE_OF_BIRTH", "12.04.1986")]),
    ("родилась 5 мая 1990", [("DATE_OF_BIRTH", "5 мая 1990")]),
    ("生年月日：1990年3月4日", [("DATE_OF_BIRTH", "1990年3月4日")]),
    ("DOB 04MAR1990", [("DATE_OF_BIRTH", "04MAR1990")]),
    ("DOB: 19900304", [("DATE_OF_BIRTH", "19900304")]),
    ("date_of_birth,postcode\n1969-12-05,8200", [("DATE_OF_BIRTH", "1969-12-05")]),
    (
        "| Name | Birth date |\n|---|---|\n| Ann | 4 March 1990 |",
        [("DATE_OF_BIRTH", "4 March 1990")],
    ),
    ('"born":"1990-03-04T00:00:00Z"', [("DATE_OF_BIRTH", "1990-03-04")]),
    ("Date of Birth\n03 May 1988", [("DATE_OF_BIRTH", "03 May 1988")]),
    ("fecha nac. 03/05/1988", [("DATE_OF_BIRTH", "03/05/1988")]),
    ("gsm 0471/55.50.36", [("PHONE_NUMBER", "0471/55.50.36")]),
    ("WhatsApp 55 1234 5678", [("PHONE_NUMBER", "55 1234 5678")]),
    ("driver's licence MORGA753116SM9IJ", [("US_DRIVER_LICENSE", "MORGA753116SM9IJ")]),
    ("Hugo de Grootlaan 177, bel", [("STREET_ADDRESS", "Hugo de Grootlaan 177")]),
    # telephones without their plus sign, in forms of many countries
    ("0431 555 0126", [("PHONE_NUMBER", "0431 555 0126")]),
    ("Rufen Sie zurück: 0171/5550146.", [("PHONE_NUMBER", "0171/5550146")]),
    ("bel 0471 55 50 36", [("PHONE_NUMBER", "0471 55 50 36")]),
    ("01632 960 774", [("PHONE_NUMBER", "01632 960 774")]),
    ("電話 090-5550-1287 まで", [("PHONE_NUMBER", "090-5550-1287")]),
    ("0412 345 678", [("PHONE_NUMBER", "0412 345 678")]),
    ("(02) 9876 5432", [("PHONE_NUMBER", "(02) 9876 5432")]),
    ("070-123 45 67", [("PHONE_NUMBER", "070-123 45 67")]),
    ("138 1234 5678", [("PHONE_NUMBER", "138 1234 5678")]),
    ("(11) 91234-5678", [("PHONE_NUMBER", "(11) 91234-5678")]),
    ("8 (912) 345-67-89", [("PHONE_NUMBER", "8 (912) 345-67-89")]),
    ("телефон 912 345 67 89", [("PHONE_NUMBER", "912 345 67 89")]),
    ("zadzwoń 512 345 678", [("PHONE_NUMBER", "512 345 678")]),
    ("phone,name\n0171 5550146,Ann", [("PHONE_NUMBER", "0171 5550146")]),
    # streets: whatever they are called, a postcode ends the address
    ("12a Mill Brow, Kendal LA9 4QD", [("STREET_ADDRESS", "12a Mill Brow, Kendal LA9 4QD")]),
    (
        "Rose Cottage, Mill Lane, Kendal LA9 4QD by Friday",
        [("STREET_ADDRESS", "Rose Cottage, Mill Lane, Kendal LA9 4QD")],
    ),
    (
        "at 221 Old Mill Pike, Lancaster, PA 17601.",
        [("STREET_ADDRESS", "221 Old Mill Pike, Lancaster, PA 17601")],
    ),
    (
        "de sleutel op Prinsengracht 1104, 1017 JK Amsterdam",
        [("STREET_ADDRESS", "Prinsengracht 1104, 1017 JK Amsterdam")],
    ),
    (
        "zit op Kerkstraat 212 bus 4, 2060 Antwerpen, dank",
        [("STREET_ADDRESS", "Kerkstraat 212 bus 4, 2060 Antwerpen")],
    ),
    ("bosat Engvej 31, 5230 Odense M", [("STREET_ADDRESS", "Engvej 31, 5230 Odense M")]),
    (
        "Storgatan 12, 111 23 Stockholm",
        [("STREET_ADDRESS", "Storgatan 12, 111 23 Stockholm")],
    ),
    (
        "Wohnhaft Unter den Linden 77, 10117 Berlin.",
        [("STREET_ADDRESS", "Unter den Linden 77, 10117 Berlin")],
    ),
    ("ul. Długa 15/4, 00-238 Warszawa", [("STREET_ADDRESS", "ul. Długa 15/4, 00-238 Warszawa")]),
    ("left it at Via Roma 12, 10121 Torino.", [("STREET_ADDRESS", "Via Roma 12, 10121 Torino")]),
    (
        "Calle de Alcalá 45, 2º izq., 28014 Madrid",
        [("STREET_ADDRESS", "Calle de Alcalá 45, 2º izq., 28014 Madrid")],
    ),
    # records, passports, banks
    ("Patientennr. E57365130, Station 3B", [("MEDICAL_RECORD", "E57365130")]),
    ("historia clínica: 85013767", [("MEDICAL_RECORD", "85013767")]),
    ("passenger 3: passport 550008896 (GBR)", [("UK_PASSPORT", "550008896")]),
    (
        ":57A:BKAUATWW :59:/DE89370400440532013000",
        [("SWIFT_CODE", "BKAUATWW"), ("IBAN_CODE", "DE89370400440532013000")],
    ),
    ("shows 021000021 as the routing number", [("ABA_ROUTING_NUMBER", "021000021")]),
    ("NI CB964298C, from May", [("UK_NINO", "CB964298C")]),
    # US_ITIN
    ("ITIN 912-70-1234", [("US_ITIN", "912-70-1234")]),
    ("itin 912701234", [("US_ITIN", "912701234")]),
    # CREDIT_CARD
    ("4111 1111 1111 1111", [("CREDIT_CARD", "4111 1111 1111 1111")]),
    ("4111-1111-1111-1111", [("CREDIT_CARD", "4111-1111-1111-1111")]),
    ("4111111111111111", [("CREDIT_CARD", "4111111111111111")]),
    ("amex 3782 822463 10005", [("CREDIT_CARD", "3782 822463 10005")]),
    ("card # 5555555555554444", [("CREDIT_CARD", "5555555555554444")]),
    ("my card 4222222222222", [("CREDIT_CARD", "4222222222222")]),
    ("card 30569309025904", [("CREDIT_CARD", "30569309025904")]),
    ("card 6304000000000000", [("CREDIT_CARD", "6304000000000000")]),
    ("card 4111 1111 1111 1111 12/29 123", [("CREDIT_CARD", "4111 1111 1111 1111")]),
    (
        "visa 4111111111111111 or 5555555555554444",
        [("CREDIT_CARD", "4111111111111111"), ("CREDIT_CARD", "5555555555554444")],
    ),
    # IBAN_CODE
    ("GB82 WEST 1234 5698 7654 32", [("IBAN_CODE", "GB82 WEST 1234 5698 7654 32")]),
    ("gb82west12345698765432", [("IBAN_CODE", "gb82west12345698765432")]),
    ("IBAN:DE89370400440532013000.", [("IBAN_CODE", "DE89370400440532013000")]),
    ("DE89 3704 0044 0532 0130 00 and more", [("IBAN_CODE", "DE89 3704 0044 0532 0130 00")]),
    # IN_AADHAAR, IN_PAN
    ("2341 2341 2346", [("IN_AADHAAR", "2341 2341 2346")]),
    ("aadhaar 234123412346", [("IN_AADHAAR", "234123412346")]),
    ("PAN ABCPE1234F", [("IN_PAN", "ABCPE1234F")]),
    # UK
    ("NHS number 943 476 5919", [("UK_NHS", "943 476 5919")]),
    ("nhs no 9434765919", [("UK_NHS", "9434765919")]),
    ("NI number AB123456C", [("UK_NINO", "AB123456C")]),
    ("AB 12 34 56 C", [("UK_NINO", "AB 12 34 56 C")]),
    # Canada, Australia
    ("SIN 046 454 286", [("CA_SIN", "046 454 286")]),
    ("social insurance number 130692544", [("CA_SIN", "130692544")]),
    ("TFN 123 456 782", [("AU_TFN", "123 456 782")]),
    # Banks, passports, licences
    ("routing number 021000021", [("ABA_ROUTING_NUMBER", "021000021")]),
    ("account number 000123456789", [("US_BANK_NUMBER", "000123456789")]),
    ("passport no. 543219876", [("US_PASSPORT", "543219876")]),
    ("Passport: C12345678", [("US_PASSPORT", "C12345678")]),
    ("driver's license number F162823540116", [("US_DRIVER_LICENSE", "F162823540116")]),
    ("UK passport number 123456789", [("UK_PASSPORT", "123456789")]),
    ("passport A3456781", [("IN_PASSPORT", "A3456781")]),
    # Germany
    ("Steuer-ID 86 095 742 719", [("DE_TAX_ID", "86 095 742 719")]),
    ("IdNr. 65929970489", [("DE_TAX_ID", "65929970489")]),
    ("Versicherungsnummer 15 070649 C 103", [("DE_SOCIAL_SECURITY", "15 070649 C 103")]),
    ("SV-Nummer: 15070649C103", [("DE_SOCIAL_SECURITY", "15070649C103")]),
    ("Personalausweis L01X00T471", [("DE_ID_CARD", "L01X00T471")]),
    ("Ausweisnr: L01X00T47", [("DE_ID_CARD", "L01X00T47")]),
    ("Reisepass C01X00T47", [("DE_PASSPORT", "C01X00T47")]),
    # France
    ("NIR 1 85 05 78 006 084 91", [("FR_NIR", "1 85 05 78 006 084 91")]),
    ("1 85 05 78 006 084 91", [("FR_NIR", "1 85 05 78 006 084 91")]),
    ("numéro de sécurité sociale : 255081416802538", [("FR_NIR", "255081416802538")]),
    ("NIR 1 85 05 2A 006 084 35", [("FR_NIR", "1 85 05 2A 006 084 35")]),
    ("NIR 1850578006084 91", [("FR_NIR", "1850578006084 91")]),
    # Italy
    ("RSSMRA85T10A562S", [("IT_FISCAL_CODE", "RSSMRA85T10A562S")]),
    ("codice fiscale: rssmra85t10a562s", [("IT_FISCAL_CODE", "rssmra85t10a562s")]),
    ("CF RSSMRA85T10A562S", [("IT_FISCAL_CODE", "RSSMRA85T10A562S")]),
    # Spain
    ("DNI 12345678Z", [("ES_NIF", "12345678Z")]),
    ("DNI: 12.345.678-Z y NIF 55555555K", [("ES_NIF", "12.345.678-Z"), ("ES_NIF", "55555555K")]),
    ("NIE X1234567L", [("ES_NIE", "X1234567L")]),
    ("NIE X-9613851-N", [("ES_NIE", "X-9613851-N")]),
    # Poland, Romania
    ("PESEL: 44051401359", [("PL_PESEL", "44051401359")]),
    ("PESEL ４４０５１４０１３５９", [("PL_PESEL", "４４０５１４０１３５９")]),
    ("CNP 1800101221144", [("RO_CNP", "1800101221144")]),
    ("cnp=1800101221144;", [("RO_CNP", "1800101221144")]),
    # India
    ("GSTIN 27AAPFU0939F1ZV", [("IN_GSTIN", "27AAPFU0939F1ZV")]),
    ("27AAPFU0939F1ZV", [("IN_GSTIN", "27AAPFU0939F1ZV")]),
    ("voter id KSD1287349", [("IN_VOTER", "KSD1287349")]),
    ("pay ravi.kumar@okaxis", [("IN_UPI", "ravi.kumar@okaxis")]),
    ("UPI: asha@somebank", [("IN_UPI", "asha@somebank")]),
    # Australia, health
    ("Medicare card 2123 45670 1", [("AU_MEDICARE", "2123 45670 1")]),
    ("medicare no. 2123456701", [("AU_MEDICARE", "2123456701")]),
    ("NPI 1245319599", [("US_NPI", "1245319599")]),
    ("DEA number BB1388568", [("MEDICAL_LICENSE", "BB1388568")]),
    ("Medicare 1EG4-TE5-MK73", [("US_MBI", "1EG4-TE5-MK73")]),
    ("MBI 1EG4TE5MK73", [("US_MBI", "1EG4TE5MK73")]),
    # Bank identifiers
    ("SWIFT/BIC: DEUTDEFF500", [("SWIFT_CODE", "DEUTDEFF500")]),
    ("bic DEUTDEFF", [("SWIFT_CODE", "DEUTDEFF")]),
    # Hardware addresses
    ("00:1A:2B:3C:4D:5E", [("MAC_ADDRESS", "00:1A:2B:3C:4D:5E")]),
    ("mac=00-1a-2b-3c-4d-5e", [("MAC_ADDRESS", "00-1a-2b-3c-4d-5e")]),
    ("001A.2B3C.4D5E", [("MAC_ADDRESS", "001A.2B3C.4D5E")]),
    (
        "00:1A:2B:3C:4D:5E, 00:1A:2B:3C:4D:5F",
        [("MAC_ADDRESS", "00:1A:2B:3C:4D:5E"), ("MAC_ADDRESS", "00:1A:2B:3C:4D:5F")],
    ),
    # Addresses
    ("12 Main Street", [("STREET_ADDRESS", "12 Main Street")]),
    (
        "I live at 12 N. Oak Ave, Apt 4, Springfield, IL 62704.",
        [("STREET_ADDRESS", "12 N. Oak Ave, Apt 4, Springfield, IL 62704")],
    ),
    (
        "ship to 221B Baker Street, London NW1 6XE",
        [("STREET_ADDRESS", "221B Baker Street, London NW1 6XE")],
    ),
    ("12 rue de la Paix, 75002 Paris", [("STREET_ADDRESS", "12 rue de la Paix, 75002 Paris")]),
    ("Calle Mayor 5, 28013 Madrid", [("STREET_ADDRESS", "Calle Mayor 5, 28013 Madrid")]),
    ("Hauptstraße 12, 10115 Berlin", [("STREET_ADDRESS", "Hauptstraße 12, 10115 Berlin")]),
    ("Via Roma 12, 00184 Roma", [("STREET_ADDRESS", "Via Roma 12, 00184 Roma")]),
    (
        "ul. Marszałkowska 10/5, 00-590 Warszawa",
        [("STREET_ADDRESS", "ul. Marszałkowska 10/5, 00-590 Warszawa")],
    ),
    (
        "P.O. Box 123, Springfield, IL 62704",
        [("STREET_ADDRESS", "P.O. Box 123, Springfield, IL 62704")],
    ),
    # Telephones
    ("+1 415-555-2671", [("PHONE_NUMBER", "+1 415-555-2671")]),
    ("+442079460958", [("PHONE_NUMBER", "+442079460958")]),
    ("(415) 867-5309", [("PHONE_NUMBER", "(415) 867-5309")]),
    ("415.867.5309 x12", [("PHONE_NUMBER", "415.867.5309 x12")]),
    ("call me on 0494 92 82 32", [("PHONE_NUMBER", "0494 92 82 32")]),
    ("phone: 4158675309", [("PHONE_NUMBER", "4158675309")]),
    ("07700 900123", [("PHONE_NUMBER", "07700 900123")]),
    (
        "415-867-5309 and 212-555-0147",
        [("PHONE_NUMBER", "415-867-5309"), ("PHONE_NUMBER", "212-555-0147")],
    ),
    # A US number with the check digit of an NHS number is a US number.
    ("call 943-476-5919", [("PHONE_NUMBER", "943-476-5919")]),
    ("943 476 5919", [("PHONE_NUMBER", "943 476 5919")]),
    # E-mail
    ("joe@example.com", [("EMAIL_ADDRESS", "joe@example.com")]),
    (
        "<mailto:joe.o'hara+x@mail.example.co.uk>",
        [("EMAIL_ADDRESS", "joe.o'hara+x@mail.example.co.uk")],
    ),
    ("jöe@exämple.de", [("EMAIL_ADDRESS", "jöe@exämple.de")]),
    ("joe＠example.com", [("EMAIL_ADDRESS", "joe＠example.com")]),
    ("a@b.org,c@d.org", [("EMAIL_ADDRESS", "a@b.org"), ("EMAIL_ADDRESS", "c@d.org")]),
    ("https://x.org/?mail=joe@example.com", [("EMAIL_ADDRESS", "joe@example.com")]),
    # Networks
    ("from 10.1.2.3 on", [("IP_ADDRESS", "10.1.2.3")]),
    ("http://41.173.96.26:8080/x", [("IP_ADDRESS", "41.173.96.26")]),
    ("2001:db8::8a2e:370:7334", [("IP_ADDRESS", "2001:db8::8a2e:370:7334")]),
    # Health
    ("MRN: 00123456", [("MEDICAL_RECORD", "00123456")]),
    ("medical record number MR-445566", [("MEDICAL_RECORD", "MR-445566")]),
    ("patient id 8837261", [("MEDICAL_RECORD", "8837261")]),
    ("ICD-10 E11.9", [("MEDICAL_RECORD", "E11.9")]),
    ("Diagnosis: type 2 diabetes", [("MEDICAL_RECORD", "type 2 diabetes")]),
    ("DOB 12/03/1980", [("DATE_OF_BIRTH", "12/03/1980")]),
    ("date of birth: March 3, 1980", [("DATE_OF_BIRTH", "March 3, 1980")]),
    ("born on 3rd March 1980", [("DATE_OF_BIRTH", "3rd March 1980")]),
    ('"date_of_birth": "1980-03-12"', [("DATE_OF_BIRTH", "1980-03-12")]),
    # Wallets
    (
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
        [("CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")],
    ),
    (
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        [("CRYPTO", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")],
    ),
    (
        "0x52908400098527886E0F7030069857D2E4169EE7",
        [("CRYPTO", "0x52908400098527886E0F7030069857D2E4169EE7")],
    ),
    # accents left out, words right before "ID", keys of JSON, forms of other countries
    ("Num\u00e9ro d'assurance sociale : 046 454 286", [("CA_SIN", "046 454 286")]),
    ("numero de securite sociale 1 84 12 76 451 089 46", [("FR_NIR", "1 84 12 76 451 089 46")]),
    ("Medicare ID: 1EG4-TE5-MK73", [("US_MBI", "1EG4-TE5-MK73")]),
    ('{"account_number": "247271297255"}', [("US_BANK_NUMBER", "247271297255")]),
    ('"driver_license_number": "D1089720"', [("US_DRIVER_LICENSE", "D1089720")]),
    ("showed driver license D8811086 at pickup", [("US_DRIVER_LICENSE", "D8811086")]),
    ("bellen op 0044 20 7178 5510", [("PHONE_NUMBER", "0044 20 7178 5510")]),
    ("the host 3.0.13.1 is down", [("IP_ADDRESS", "3.0.13.1")]),
    ("MRN 33-58-2858", [("MEDICAL_RECORD", "33-58-2858")]),
    (
        "j'habite 12 bis avenue Foch, 54000 Nancy",
        [("STREET_ADDRESS", "12 bis avenue Foch, 54000 Nancy")],
    ),
]

LEFT_ALONE = [
    # US_SSN: area, group and serial that were never given; advertised numbers; joined
    "666-12-3456", "000-12-3456", "536-00-4399", "536-90-0000", "ssn 900-00-0000",
    "123-45-6789", "1536-90-4399", "536-90-43991", "x536-90-4399", "536-90-4399-1",
    "order 536-90-4399", "536.90.4399", "536904399",
    # US_ITIN: a group that is not in use
    "ITIN 912-93-1234",
    # CREDIT_CARD: Luhn, issuer, length, neighbours
    "4111 1111 1111 1112", "9111111111111111", "card 411111111111111", "14111111111111111111",
    "card 41000000000001", "card 510000000000003", "card 2220000000000000", "card 2721000000000004",
    "card 3400000000000000", "card 37000000000007", "card 1800000000000000", "card 350000000000006",
    "card 9000000000000001", "card 1000000000000008", "card 50000000005", "card 7300000000000002",
    "order number 4111111111111111", "0.4111111111111111", "a4111111111111111",
    # IBAN_CODE: check digits, length, country
    "GB83WEST12345698765432", "GB82WEST1234569876543", "XX82WEST12345698765432",
    "xGB82WEST12345698765432",
    # IN_AADHAAR, IN_PAN
    "2341 2341 2347", "aadhaar 1341 2341 2346", "234123412346", "ABCDE1234F", "XABCPE1234F",
    # UK_NHS never without its words, nor with a wrong check digit
    "NHS number 943 476 5918", "GB123456C", "QQ123456C",
    # CA_SIN, AU_TFN
    "SIN 046 454 287", "046 454 286", "TFN 123 456 783", "123 456 782",
    # ABA_ROUTING_NUMBER, US_PASSPORT
    "routing number 021000022", "021000021", "543219876",
    # Registers: check digits, structure, neighbours, boundaries, no words
    "Steuer-ID 86 095 742 718", "86095742719", "IdNr. 12345678901", "Steuer-ID 860957427190",
    "Versicherungsnummer 15 070649 C 104", "Versicherungsnummer 15 074649 C 103",
    "Personalausweis L01X00T472", "Ausweisnr LAXXXXTRT", "x Reisepass", "C01X00T47",
    "NIR 1 85 05 78 006 084 92", "NIR 3 85 05 78 006 084 91", "185057800608491", "NIR 11 85 05 78 006 084 91",
    "RSSMRA85T10A562T", "RSSMRA85Z10A562S", "xRSSMRA85T10A562S", "RSSMRA85T10A562S-1",
    "DNI 12345678A", "12345678Z", "order 12345678Z", "DNI 112345678Z", "NIE X1234567A", "X1234567L",
    "PESEL 44051401358", "PESEL 44451401359", "44051401359", "order 44051401359",
    "CNP 1800101221145", "CNP 1801301221144", "1800101221144",
    "GSTIN 27AAPFU0939F1ZW", "GSTIN 77AAPFU0939F1ZV", "x27AAPFU0939F1ZV", "KSD1287349", "voter",
    "Medicare card 2123 45671 1", "medicare 7123456701", "NPI 1245319598", "1245319599",
    "DEA BB1388569", "BB1388568", "1EG4TE5MK73", "Medicare 1EG4-TO5-MK73",
    "DEUTDEFF500", "SWIFT DEUTXXFF", "swift PROTOCOL", "ravi@somebank", "ping @upi", "a@ybl",
    # MAC_ADDRESS: masks, fingerprints, versions
    "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "AA:1A:2B:3C:4D:5E:6F", "1234.5678.9012", "00:1A:2B:3C:4D:5G",
    "00-1A:2B-3C:4D-5E",
    # STREET_ADDRESS
    "In 2010 Penny Lane", "take 3 The Long Way", "5 Place", "3 Dr Smith", "10 Downing", "on 5 May Street works began",
    "Street 12", "box 12", "the 7 Wonders Way", "via email 12", "a long weg 5",
    # PHONE_NUMBER
    "111-222-3333", "415-867-53091", "4158675309", "2024-01-03 12:33:01", "call 2024-01-03",
    "192 168 001", "1-2-3-4-5-6-7", "call 1,234,567", "office 1993-2023", "call at 2009-02-03 12:00", "text 121 45 9.1",
    # EMAIL_ADDRESS
    "joe@localhost", "@decorator", "git@github.com:org/repo.git", "icon@2x.png", "pkg@1.2.3",
    "https://user@example.com/", "a @ b.com", "joe@example",
    # IP_ADDRESS
    "version 1.2.3.4", "v1.2.3.4", "Chrome/120.0.0.0", "127.0.0.1", "0.0.0.0", "255.255.255.0",
    "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "12:30:45", "2.5.29.17", "1.3.6.1", "std::vector", "a::b",
    # Health and dates
    "record 2024", "the patient is 80", "12/03/1980", "born in 1980", "chart 12",
    "Diagnosis is hard", "dx: float = 1.0", "hospital: 2902", "diagnosed",
    # CRYPTO
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx",
    "0x0000000000000000000000000000000000000000",
    # a word that says otherwise stands nearer, on another line, or too far away
    "my SIN is not the order 046 454 286", "46 454 286 1\nsin", "046 454 286\nsin",
    "pesel" + " " * 62 + "44051401359", "4111 1111 1111 1111 2222",
    # what looks like births, telephones, streets and banks
    "born in 2020", "birth rate 2020-2021 dropped", "the NATO summit of 12.05.2024", "established 12 August 1979",
    "order 0171 555 0146 shipped", "invoice 0412 345 678", "part 012-345-6789", "0.123 0.456 0.789", "uptime 0412:33:10",
    "In May 12, 2024 Paris saw a parade", "Chapter 5, 1234 Somethings", "On March 3, 2020 Tesla announced", "Bitcoin 5, 60000 USD",
    "Bring 2 eggs, 250 g of flour", "There were 12 People from London SW1A 1AA", "see Smith 12, 2019 Nature paper",
    "IBAN OF THE CUSTOMER, DOCUMENT 7", "Private ranges are 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16.",
    # versions that look like addresses
    "openssl 3.0.13.1", "node v20.11.1, npm 10.2.4, openssl 3.0.13.1", "nginx 1.25.4.1 is out",
    "savings 10000000 a year", "my account was 20231224 created", "the NATO summit of 9/7/2024", "il ne viendra pas le 12/03/2020",
    "driver licence 2024", "driver's license (class B)", "our account 2024 report", "the born-again 3.4 release",
    "npm i lodash@4.17.21.3", "license 20240101 build", "order ids 046 454 286",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text for text, _ in FOUND])
def test_found(text: str, expected: list[tuple[str, str]]):
    assert found(text) == expected


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str):
    assert found(text) == []


def test_every_type_has_a_case():
    covered = {entity for _, entities in FOUND for entity, _ in entities}
    assert covered == TYPES - {"SECRET"}


@pytest.mark.parametrize(("text", "expected"), FOUND, ids=[text for text, _ in FOUND])
def test_found_amid_other_text(text: str, expected: list[tuple[str, str]]):
    """What stands around, further away than context reaches, changes nothing."""
    prose = "Nothing to see here, only words that say little and go on and on for long.\n" * 3
    assert found(prose + text + "\n" + prose) == expected


def test_each_rule_contributes_to_the_sweep():
    """A set that lost a pattern would miss entities without a word."""
    for rule in RULES:
        alone = Analyzer([rule])
        texts = [text for text, expected in FOUND if {kind for kind, _ in expected} & rule.types]
        if "SECRET" not in rule.types:
            assert any(alone.scan(text) for text in texts), rule
