"""Mail domains that nobody owns as a company: addresses there are given to anybody who asks. Curated data."""

from __future__ import annotations

_FREE_MAIL = """
    gmail.com googlemail.com
    outlook.com outlook.fr outlook.de outlook.es outlook.it outlook.jp outlook.co.th outlook.com.br outlook.com.au
    hotmail.com hotmail.co.uk hotmail.fr hotmail.de hotmail.it hotmail.es hotmail.nl hotmail.be hotmail.ca
    hotmail.com.br
    hotmail.com.ar hotmail.co.jp hotmail.se hotmail.no hotmail.dk hotmail.fi hotmail.ch hotmail.gr
    live.com live.co.uk live.fr live.de live.it live.nl live.be live.ca live.com.au live.com.mx live.se live.no
    live.dk
    live.ie live.jp live.cn msn.com passport.com windowslive.com
    yahoo.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.co.id yahoo.co.kr yahoo.co.nz yahoo.co.th yahoo.co.za
    yahoo.com.ar
    yahoo.com.au yahoo.com.br yahoo.com.cn yahoo.com.hk yahoo.com.mx yahoo.com.my yahoo.com.ph yahoo.com.sg
    yahoo.com.tr
    yahoo.com.tw yahoo.com.vn yahoo.ca yahoo.de yahoo.dk yahoo.es yahoo.fr yahoo.gr yahoo.ie yahoo.in yahoo.it
    yahoo.no
    yahoo.pl yahoo.ro yahoo.se ymail.com rocketmail.com myyahoo.com
    icloud.com me.com mac.com privaterelay.appleid.com
    aol.com aol.co.uk aol.de aol.fr aim.com verizon.net
    gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.fr gmx.us gmx.co.uk gmx.es gmx.info web.de mail.com email.com usa.com
    t-online.de freenet.de arcor.de online.de 1und1.de email.de posteo.de posteo.net mailbox.org
    proton.me protonmail.com protonmail.ch pm.me tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me
    hey.com fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com zohomail.eu duck.com mozmail.com
    simplelogin.com
    anonaddy.com mailfence.com runbox.com startmail.com skiff.com inbox.com inbox.lv lycos.com excite.com juno.com
    netzero.net earthlink.net comcast.net att.net sbcglobal.net bellsouth.net cox.net charter.net mail.ru inbox.ru
    list.ru bk.ru internet.ru xmail.ru yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru
    rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru ukr.net i.ua meta.ua bigmir.net
    qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net vip.163.com vip.126.com 188.com sina.com sina.cn
    vip.sina.com
    sohu.com tom.com 21cn.com 139.com 189.cn wo.cn aliyun.com
    naver.com hanmail.net daum.net nate.com kakao.com rediffmail.com
    docomo.ne.jp ezweb.ne.jp softbank.ne.jp au.com nifty.com excite.co.jp
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr voila.fr
    libero.it virgilio.it tiscali.it alice.it tin.it email.it
    telefonica.net terra.es terra.com.br uol.com.br bol.com.br ig.com.br globomail.com
    wp.pl o2.pl onet.pl op.pl interia.pl interia.eu poczta.fm gazeta.pl tlen.pl vp.pl
    seznam.cz email.cz post.cz centrum.cz atlas.cz volny.cz azet.sk zoznam.sk centrum.sk freemail.hu citromail.hu
    abv.bg
    btinternet.com virginmedia.com ntlworld.com blueyonder.co.uk talktalk.net tiscali.co.uk
    bluewin.ch hispeed.ch sunrise.ch a1.net chello.at aon.at telenet.be skynet.be
    ziggo.nl kpnmail.nl planet.nl home.nl xs4all.nl comhem.se online.no
    bigpond.com optusnet.com.au iinet.net.au xtra.co.nz rogers.com shaw.ca sympatico.ca bell.net telus.net
    walla.com walla.co.il mynet.com
    mailinator.com guerrillamail.com guerrillamail.net 10minutemail.com yopmail.com temp-mail.org tempmail.com
    trashmail.com sharklasers.com getnada.com maildrop.cc dispostable.com throwawaymail.com
"""

#: These names, and every name below them, belong to no organization.
FREE_MAIL_DOMAINS = frozenset(_FREE_MAIL.split())

#: Names whose subdomains do belong to organizations, but which themselves belong to all of them.
SHARED_PARENTS = frozenset({"onmicrosoft.com", "onmicrosoft.us", "onmicrosoft.cn", "partner.onmschina.cn"})


def is_free_mail(domain: str) -> bool:
    """Whether addresses at `domain` (A-label) say nothing about who employs their holder."""
    labels = domain.split(".")
    parents = (".".join(labels[start:]) for start in range(len(labels) - 1))
    return domain in SHARED_PARENTS or any(parent in FREE_MAIL_DOMAINS for parent in parents)
