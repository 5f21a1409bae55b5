"""How reviewers word their reasons: phrases by which a reason is known. Pure.

The phrases of one vendor alone stand in its folder. Written from the published tables of reasons (facts: Alibaba 4.7,
rules seen 1 to 5) and from how such sentences are built: what is at fault, and what is wrong with it.
"""

from bot.contracts.rules import Phrase


def _p(pattern: str, *rules: str) -> Phrase:
    return Phrase(pattern, rules)


_N = "(?:未|没有?|无|缺(?:少|失|乏)?|不(?:含|包含|带)|请(?:添加|补充|增加|上传|提供)|需要?|应|必须|须)"
_G = r"[^,。;!?]{0,14}"
_X = r"(?:有误|错误|不对|不符|不正确|不规范|不合规|不合格|不一致|无效|不完整|不全|异常)"

# One line for each phrase, however long: a table to read down.
# fmt: off
PHRASES: tuple[Phrase, ...] = (
    _p(r"中性化?(?:的)?签名|签名(?:内容)?(?:过于)?中性|中性化|(?:过于|太)(?:宽泛|笼统|简单|通用)|没有实际意义|无实际意义|具有实际意义|泛化", "non-identifiable-name"),
    _p(rf"签名{_G}(?:无法|不能|难以){_G}(?:识别|辨别|辨认|区分|体现)|(?:无法|不能|难以)(?:识别|辨别|确认|体现){_G}(?:主体|企业|公司|品牌|身份)|唯一性", "non-identifiable-name"),
    _p(r"neutral|generic (?:name|signature|sign)|(?:cannot|can't|unable to|not) (?:be )?identif\w*|too (?:broad|general|generic)|meaningless|non-?identifiable", "non-identifiable-name"),
    _p(rf"签名{_G}(?:与|跟|和){_G}(?:企业|公司|主体|资质|营业执照|单位){_G}(?:不一致|不符|不匹配|无关|不沾边|不相符|没有关系)|不沾边|(?:非|不是)(?:企业|公司|单位)(?:的)?(?:全称|简称)|(?:企业|公司)(?:的)?(?:全称|简称)或简?称?", "name-not-company-name", "non-identifiable-name"),
    _p(r"(?:signature|name)[^.;]{0,40}(?:does not|doesn't|not) (?:match|correspond|agree)|inconsistent with the (?:company|enterprise|qualification)", "name-not-company-name", "paper-wrong"),
    _p(r"简称{_G}(?:3|三)个?字|简称{_G}(?:过短|太短|不唯一)|适用于?多家|(?:三|3)个?(?:字|字符)(?:及)?以[下内]".replace( "{_G}", _G ), "short-form-too-short", "short-form-not-contiguous"),
    _p(r"(?:简称|名称){_G}(?:不连续|跳字|打乱|颠倒|遗漏)|须?为?(?:全称中)?连续".replace("{_G}", _G), "short-form-not-contiguous"),
    _p(r"个人(?:姓名|名字|名称)|人名|自然人姓名|personal names?|name of (?:a|an) (?:person|individual)", "personal-name"),
    _p(rf"(?:签名|字数|长度|字符){_G}(?:长度|字数|过长|过短|超过|超出|超长|不足|限制)|签名{_G}2\s*[-~至到]\s*1[25]|(?:2|两)\s*[-~至到]\s*1[25]\s*个?(?:字符|字)|length of the signature|signature (?:is )?too (?:long|short)|exceed\w*[^.;]{{0,20}}characters", "signature-length"),
    _p(rf"签名{_G}(?:特殊|非法|违规|标点|不支持的?|含有?)(?:的)?(?:符号|字符)|签名{_G}(?:空格|标点|表情|符号)|(?:仅|只)(?:支持|能|允许|限){_G}(?:中文|汉字|英文|字母){_G}数字|special (?:characters|symbols) in the sign|contains? (?:invalid|special|illegal) (?:character|symbol)s?", "signature-characters", "signature-brackets"),
    _p(rf"签名{_G}(?:【】|括号|\[\]|\(\))|无需{_G}(?:【】|括号)", "signature-brackets", "signature-characters"),
    _p(r"(?:全部?|纯|均|仅)为?是?数字|all digits|only digits|digits only|pure (?:digits|numbers)", "signature-only-digits"),
    _p(r"(?:全部?|纯|均|仅)为?是?英文|英文签名|english-only|only english|pure english", "english-only-signature"),
    _p(rf"签名{_G}(?:测试|test)|(?:测试|test)(?:类|性质|字样)?(?:的)?(?:签名|字样|内容)", "signature-test-word", "non-identifiable-name"),
    _p(r"繁体|繁體|traditional chinese|traditional characters", "traditional-characters", "traditional-signature"),
    _p(r"(?:签名)?来源[^,。;!?]{0,8}(?:公众号|小程序|网站|店铺|账号)[^。;!?]{0,8}(?:不再|停止|暂停|下线|不支持|不可)?", "source-withdrawn", "source-app"),
    _p(rf"(?:签名)?来源{_G}(?:不再|停止|暂停|下线|不支持|取消|不合法|非法)|(?:公众号|小程序|网站|店铺){_G}(?:不再|停止|暂停|不支持|下线|暂不){_G}(?:签名|来源|申请|报备)?|source[^.;]{{0,30}}(?:no longer|not supported|withdrawn|illegal)", "source-withdrawn", "source-app"),
    _p(rf"(?:app|应用){_G}(?:不再|停止|暂停|不支持|不可){_G}(?:签名|来源|申请)?", "source-app", "source-withdrawn"),
    # --- Letters and papers ------------------------------------------------------------------------------------------
    _p(rf"{_N}{_G}(?:授权(?:委托)?书|委托书|授权函|授权证明|授权文件)|(?:授权(?:委托)?书|委托书|授权){_G}(?:缺失|缺少|未(?:提供|上传)|没有)|(?:no|missing|without|lack\w*)[^.;]{{0,30}}(?:authorization|authorisation|power of attorney|letter)|(?:authorization|authorisation)[^.;]{{0,30}}(?:missing|required|not (?:provided|uploaded))", "letter-missing"),
    _p(rf"(?:授权(?:委托)?书|委托书|委托授权书){_G}(?:未|没有|无|缺少?){_G}签[字名]|(?:letter|authorization)[^.;]{{0,30}}(?:not|un)[ -]?signed", "letter-not-signed"),
    _p(rf"(?:授权(?:委托)?书|委托书|委托授权书){_G}(?:盖章|公章|印章|章){_G}|(?:盖章|公章|印章){_G}(?:错误|有误|不清|不符|不一致|缺失|模糊)|(?:未|没有|无)(?:盖|加盖){_G}章|(?:seal|stamp)[^.;]{{0,30}}(?:wrong|incorrect|missing|unclear|not)|(?:wrong|incorrect|missing) (?:seal|stamp)", "letter-wrong-seal", "paper-format"),
    _p(rf"(?:授权(?:委托)?书|委托书|委托授权书|授权){_G}(?:{_X}|填写|过期|失效|到期|生效|有效期|期限|范围|内容|信息|保持一致)|(?:authorization|authorisation|letter)[^.;]{{0,40}}(?:incorrect|wrong|invalid|expired|incomplete|inconsistent)", "letter-wrong"),
    _p(rf"{_N}{_G}(?:商标){_G}(?:证|证书|注册证|证明)|商标{_G}(?:须|需|应|请)?{_G}(?:提交|提供|上传){_G}(?:证|证书)|trademark[^.;]{{0,40}}(?:certificate)", "trademark-paper-missing"),
    _p(rf"(?:未|无法|没有?|查无|不能)(?:能)?(?:查询|核实|查找|检索|查|找|搜索)到?{_G}商标|商标{_G}(?:未|无法|没有?){_G}(?:查|核实|检索)|trademark[^.;]{{0,40}}(?:not (?:be )?(?:found|verified)|cannot be)|(?:not|unable to) (?:find|verify)[^.;]{{0,20}}trademark", "trademark-not-found"),
    _p(rf"(?:未|无法|没有?|查无|不能)(?:能)?(?:查询|核实|查找|检索|查|找|搜索)到?{_G}店铺|店铺{_G}(?:未|无法|没有?){_G}(?:查|核实|找)|(?:shop|store)[^.;]{{0,20}}(?:not (?:be )?found|cannot be (?:found|verified))", "shop-not-found"),
    _p(rf"(?:未|无法|没有?|查无|不能)(?:能)?(?:查询|核实|查找|检索|查|找|搜索)到?{_G}(?:公众号|小程序|账号)|(?:公众号|小程序){_G}(?:未|无法|没有?){_G}(?:查|核实|找|搜)|official account[^.;]{{0,30}}(?:not (?:be )?found|cannot be)", "account-not-found"),
    _p(rf"(?:未|没有?|尚未)(?:在)?{_G}上[架线]|(?:app|应用|产品){_G}(?:未|没有?|尚未){_G}上[架线]|(?:内测|测试版|下载)(?:或内测)?(?:的)?链接|(?:app|application)[^.;]{{0,30}}(?:not (?:yet )?(?:listed|released|launched|published|available|in))", "app-not-listed", "product-not-online"),
    _p(rf"{_N}{_G}(?:下载|应用商店|应用市场|商店|app){_G}链接|(?:download|store) link[^.;]{{0,30}}(?:missing|not provided|required)|without[^.;]{{0,20}}(?:download|store) link", "app-link-missing"),
    _p(r"(?:功能|网站|产品|页面|应用|app)?内容太少|内容过少|无法判断|功能(?:不完善|过少|太少)|尚未开发|建设中|空白页|under construction|too little content|not (?:yet )?online", "product-not-online", "too-little-fixed-text"),
    _p(rf"(?:提供|上传|使用|提交)(?:了)?(?:的)?(?:是)?{_G}(?:申请(?:者|人|方)|己方|自己|本公司|被授权方|代理)(?:的)?{_G}(?:营业执照|执照|证件|资质)|营业执照(?:提供)?{_X}|(?:签名归属|授权)方(?:的)?(?:营业执照|证件)|licen[cs]e[^.;]{{0,40}}(?:wrong|incorrect|of the applicant|instead)|applicant's[^.;]{{0,20}}licen[cs]e|(?:wrong|incorrect) (?:business )?licen[cs]e", "licence-of-wrong-party", "paper-wrong"),
    _p(rf"{_N}{_G}(?:营业执照|组织机构代码|三证合一|统一社会信用代码|企业(?:资质|证件|证明)|资质证明|证明文件|证件)|(?:营业执照|证明文件|资质证明|资质文件){_G}(?:缺失|缺少|未(?:提供|上传))|business licen[cs]e[^.;]{{0,30}}(?:missing|required|not)|(?:missing|no|without) (?:the )?(?:business licen[cs]e|certificate)", "company-paper-missing", "qualification-missing"),
    _p(rf"(?:资料|证件|文件|材料|图片|证明|执照|扫描件|截图){_G}(?:模糊|不清|看不清|无法(?:识别|辨认|查看|打开)|不完整|缺角|遮挡|马赛克|水印|太小|信息不全)|(?:blurr\w+|unclear|illegible|unreadable|not clear|incomplete)[^.;]{{0,30}}(?:file|image|picture|document|paper|licen[cs]e|certificate|screenshot|material)", "paper-unclear"),
    _p(r"复印件|黑白|非原件|非彩色|原色|p图|伪造|涂改|(?:文件|证件|资料|执照|证书|证明|授权书|委托书|图片|扫描件)[^,。;!?]{0,10}(?:过期|失效|有效期|原件|彩色|格式)|(?:过期|失效|格式(?:错误|不符|不正确))(?:的)?(?:文件|证件|资料|执照|证书|证明|图片)|black[ -]and[ -]white|photocop\w+|(?:licen[cs]e|certificate|document|paper)[^.;]{0,20}expired|not (?:an? )?original", "paper-format", "paper-unclear"),
    _p(r"签名[^,。;!?]{0,4}(?:不符合?|不匹配|未匹配)[^。;!?]{0,8}(?:资料|资质|材料|证件|文件)|(?:资料|资质|材料|证件|文件)[^。;!?]{0,8}(?:不匹配|未匹配)|证件类型[^,。;!?]{0,8}(?:错误|有误|不符)", "paper-wrong", "name-not-company-name"),
    _p(r"链接[^,。;!?]{0,6}(?:无法|不能)(?:核实|确认|证明)[^,。;!?]{0,6}(?:主体)?", "link-unrelated", "link-dead", "app-not-listed"),
    _p(r"签名(?:内容)?(?:不符合|不满足|不合|违反)(?:要求|规范|规则|规定|标准|规)", "signature-characters", "signature-length", "non-identifiable-name"),
    _p(rf"(?:不能|无法|不足以|未能){_G}(?:证明|体现|说明){_G}(?:真实|归属|所有权|权|主体|关系)?|(?:资料|文件|材料|资质|证件|证明|执照){_G}(?:{_X}|主体不同|与{_G}(?:不一致|不符))|主体{_G}不(?:一致|符|匹配)|does not (?:prove|show|match)|cannot prove|not (?:be )?(?:prove|verif)\w*|inconsistent", "paper-wrong", "name-not-company-name"),
    _p(r"(?:无|没有|缺乏|无法体现)(?:任何)?(?:的)?关联(?:性|关系)?|关联性不|看不出.{0,8}关系|not related|unrelated|no relation|irrelevant", "paper-unrelated", "link-unrelated"),
    _p(rf"(?:资质){_G}(?:未通过|未审核|待审核|不存在|无效|审核中|未认证|未完成|没有)|qualification[^.;]{{0,30}}(?:not approved|not found|missing|invalid|under review)|未完成(?:企业)?(?:认证|实名)", "qualification-missing"),
    _p(rf"(?:签名用途|申请|用途|业务|场景|使用)?(?:说明|描述|备注){_G}(?:太|过于?|不够)?(?:简略|简单|简短|过短|不清|不详|不明|不足|模糊|不完整|不充分|笼统)|(?:remark|description|note|scenario)[^.;]{{0,30}}(?:too (?:short|brief|simple|vague)|unclear|not (?:clear|detailed))", "remark-too-short"),
    _p(r"侵权|侵犯|他人(?:的)?(?:权益|商标|名称|知识产权|品牌)|第三方(?:的)?(?:权益|品牌|商标)|冒用|盗用|仿冒|infring\w+|third[ -]part(?:y|ies)(?:'s?)? (?:rights?|brand|trademark)|impersonat\w+", "third-party-rights", "letter-missing"),
    _p(r"座机|固定电话号码|landline", "government-without-landline", "phone-in-text"),
    # --- Links of the application -------------------------------------------------------------------------------------
    _p(r"链接(?:地址)?(?:无法|不能|打不开|失效|无效|不可)(?:正常)?(?:访问|打开)?|(?:网站|网址|域名|页面)(?:无法|不能|打不开)(?:正常)?(?:访问|打开|浏览)?|(?:link|url|website|site|page)[^.;]{0,30}(?:cannot be|can't be|not|un)\s?(?:open\w*|access\w*|reach\w*|load\w*)|inaccessible", "link-dead", "link-invalid"),
    _p(r"链接(?:内容)?(?:与|跟|和|同)[^,。;]{0,8}签名[^,。;]{0,6}(?:无关|不符|不一致|不匹配|没有关)[^,。;]{0,3}|link[^.;]{0,20}(?:not related|unrelated|irrelevant)", "link-unrelated"),
    _p(r"(?:无|未|没有?|缺)(?:做|进行|完成|办理)?(?:icp|网站|域名|工信部)?备案|备案(?:主体|信息|号)?(?:无法|不一致|未|不符)|(?:需要?|请|须|应)(?:先)?(?:完成)?(?:icp)?备案|ip地址(?:无法|不能)?(?:核实|访问)?|(?:no|without|not)[^.;]{0,20}icp|icp[^.;]{0,30}(?:not|missing|fil)", "link-no-icp"),
    _p(r"跳转(?:两|2|多|二)次|(?:多|两|二)次跳转|redirect\w*", "link-redirects", "link-invalid"),
    _p(rf"(?:短信|模板|内容)(?:内|中)?(?:的)?链接{_G}(?:无效|失效|不合规|不符|不一致|违规)|链接内容{_G}不符|link[^.;]{{0,30}}(?:invalid|not comply|noncompliant|does not match|inconsistent with the content|expired)|invalid link", "link-invalid", "link-in-text"),
    # --- Types --------------------------------------------------------------------------------------------------------
    _p(rf"(?:模板|短信|模版)?(?:的)?(?:类型|类别|用途){_G}(?:{_X}|选择|选错|不匹配|误选)|(?:选|选择|改为|改选|更换为?|重新选择|申请|归类|属于|作为|按)(?:为|成|到|至)?[^,。;!?]{{0,6}}(?:验证码|通知|推广|营销)(?:类|类型|短信|模板)|(?:type|category)[^.;]{{0,40}}(?:mistaken\w*|wrong\w*|incorrect\w*|does not match|not match)|(?:mistaken\w*|wrong\w*) (?:selected|chosen|type)|select (?:a |the )?(?:proper|correct|right) (?:sms )?type|不是验证码|非验证码|不属于验证码", "wrong-type", "otp-without-code-word", "code-text-as-notice"),
    # --- Codes --------------------------------------------------------------------------------------------------------
    _p(rf"(?:缺少|没有|未|必须|需要?|应|须|不)(?:含有?|包含|带有?|出现|写明)?(?:必备)?(?:的)?(?:关键(?:字|词))?{_G}(?:验证码|注册码|校验码|动态码|动态密码)(?:等)?(?:字样|关键[字词]|字眼|二字|三字)?|(?:no|lack\w*|missing|without|must contain|contains? no)[^.;:]{{0,40}}(?:verification code|[\"“']?code)", "otp-without-code-word", "intl-otp-without-code"),
    _p(r"(?:必须|需要?|应|须|请|未)(?:包含|体现|写明|说明|注明|标明|添加)[^,。;!?]{0,6}(?:使用平台|平台|用途|失效时间|有效期|有效时间|时效|使用场景)|使用平台|失效时间|(?:platform|purpose|validity)[^.;]{0,40}(?:missing|must|required|specified|indicated)", "otp-without-context", "unclear-subject"),
    _p(r"验证码(?:类)?(?:模板|短信)?(?:中)?(?:仅|只)(?:能|支持|允许|可)[^,。;!?]{0,4}(?:1|一)个?变量|(?:双|两个|2个|多|三个)变量|(?:验证码[^,。;!?]{0,6}变量(?:的)?(?:个数|数量)|多个变量|(?:只|仅)(?:能|支持|允许)(?:有|含)?(?:一|1)个变量)|only one variable|(?:one|1|single) variable (?:is )?(?:allowed|supported)|two variables|variable count|parameter ?count", "otp-several-variables", "too-little-fixed-text"),
    _p(r"验证码[^,。;!?]{0,12}(?:缺少|没有|未(?:设置|包含|添加)|无)[^,。;!?]{0,4}变量|验证码[^,。;!?]{0,8}(?:必须|须|需要?|应)(?:包含|有|含|设置)[^,。;!?]{0,6}变量|no variable|variable (?:is )?missing", "otp-without-variable"),
    _p(r"夹带(?:其他|其它|了)?变量|(?:其他|其它|多余|超长|较长)(?:的)?变量|other variables?|carr\w+ (?:other|additional) variables?", "otp-other-variable", "otp-several-variables"),
    _p(rf"验证码(?:类|短信|模板)?{_G}(?:不(?:支持|能|得|允许|可)|禁止){_G}(?:联系方式|电话|号码|qq|微信)[^。;!?]*", "otp-with-contact", "otp-with-link"),
    _p(rf"验证码(?:类|短信|模板)?{_G}(?:不(?:支持|能|得|允许|可)|禁止){_G}(?:链接|url|网址)", "otp-with-link", "otp-with-contact"),
    _p(rf"(?:验证码|不是纯验证码){_G}(?:营销|推广|广告|促销)|纯验证码|夹带(?:了)?(?:禁发|营销|广告|推广)[^,。;]*|verification[^.;]{{0,50}}(?:marketing|promotion\w*|advertis\w+)", "otp-with-marketing", "notice-with-marketing"),
    _p(r"(?:优惠|促销|活动|抢购|限时|折扣)(?:[\s/、,]+(?:优惠|促销|活动|抢购|限时|折扣)){2,}", "otp-with-marketing", "notice-with-marketing"),
    _p(r"(?:4|四)\s*[-~至到]\s*(?:6|六)\s*位|(?:超过|大于|多于)\s*(?:6|六)\s*位|4[- ]?(?:to|-)[- ]?6[- ]digit|0[- ]?(?:to|-)[- ]?6[- ]digit", "otp-value-form", "variable-kind-wrong"),
    # --- Notifications, promotions -----------------------------------------------------------------------------------
    _p(rf"(?:通知|服务|行业|非营销)(?:类|短信|模板|型)?{_G}(?:营销|推广|广告|促销|退订)|(?:含有?|涉及|涉嫌|包含|夹带|存在|带有?)(?:到|了)?(?:[^,。;!?]{{0,4}})(?:营销|推广|广告|促销)(?:类|性质|信息|内容|成分|词|关键词|话术|嫌疑)?|营销关键词|(?:notification|notice|industry)[^.;]{{0,50}}(?:marketing|promotion\w*|advertis\w+)|contains? (?:marketing|promotional|advertising)", "notice-with-marketing", "otp-with-marketing"),
    _p(rf"(?:通知|验证码)(?:类|短信|模板)?{_G}(?:不(?:支持|能|得|允许|需|用|可)|无需|删除|禁止|请勿){_G}(?:退订|拒收|td|回复)|(?:删除|去掉|移除){_G}(?:退订|拒收)", "notice-with-optout", "otp-with-optout"),
    _p(rf"{_N}(?:[^,。;!?]{{0,12}})(?:退订|拒收)|(?:退订|拒收)(?:方式|内容|信息|语|字样)?(?:[^,。;!?]{{0,6}})(?:缺失|缺少|未添加|没有)|(?:末尾|尾部|结尾|最后|添加|增加|补充|加上){_G}(?:退订|拒收)|支持回复.{{0,4}}r.{{0,6}}退订|(?:no|lack\w*|missing|without|must contain)[^.;]{{0,40}}(?:unsubscri\w+|opt[ -]?out)|unsubscri\w+[^.;]{{0,40}}(?:missing|required|not)", "promo-without-optout", "promo-other-optout"),
    _p(rf"(?:退订|拒收)(?:方式|内容|信息|语|格式|字样)?{_G}(?:{_X}|统一|调整|改为|仅支持|只支持)|(?:统一|仅支持|只支持|改为|调整为){_G}拒收请回复r", "promo-other-optout", "promo-without-optout"),
    _p(r"盲发|群发陌生|非会员|(?:未|没有|不|需要?|须|必须|应)(?:体现|面向|针对|描述|说明|表明|显示|注明)[^,。;!?]{0,10}会员|blind[ly]* send\w*|not (?:describe|address)\w*[^.;]{0,20}members?|members?[^.;]{0,30}(?:only|must)|non-?members?", "promo-not-to-members"),
    _p(r"(?:用户|接收方|客户)?(?:的)?(?:同意|许可|授权)(?:接收)?(?:的)?(?:证明|凭证|记录|证据|截图)|(?:proof|evidence) of (?:\w+ )?consent|user consent", "promo-consent-missing"),
    _p(r"(?:生日|节日|节假日|祝福|问候)(?:祝福|问候|类|短信)?[^,。;!?]{0,10}(?:推广|营销|不支持|会员|类型)|祝福类|问候类|greetings?", "greeting-as-notice", "wrong-type"),
    _p(r"内容(?:已)?过期|(?:节日|活动|节假日)(?:已)?(?:过|结束|过期)|节后|(?:expired|outdated|out[ -]of[ -]date) (?:content|text)|after the (?:holiday|festival)", "text-out-of-date"),
    # --- Variables ----------------------------------------------------------------------------------------------------
    _p(r"全变量|(?:只|仅|都|全部?|均|纯)(?:有|是|为|含|包[括含]|由)?变量|变量-only|variables?[ -]only|only (?:contain\w* |includ\w* |of )?variables?|(?:all|purely) variables?|nothing but variables?", "variables-only", "too-little-fixed-text"),
    _p(r"固定(?:文本|文字|内容|文案)(?:[^,。;!?]{0,6})(?:太少|过少|较少|不足|少)|变量(?:太|过)多|过多(?:的)?变量|变量占比|few fixed|too many variables|insufficient fixed", "too-little-fixed-text", "variables-only"),
    _p(r"组合变量|变量(?:相邻|相连|连续|连在一起|紧挨|并列)|(?:相邻|连续|连用|并列)(?:的)?变量|变量与变量(?:之间)?|(?:adjacent|consecutive|combined|continuous) variables?|variables?[^.;]{0,20}(?:adjacent|consecutive|side by side|next to each other)", "two-variables-adjacent"),
    _p(r"局部变量|(?:链接|网址|域名|url)(?:中|内|里)?(?:不(?:支持|能|得|可|允许)|禁止|含有?|带有?|使用|设置)[^,。;!?]{0,6}变量|partial variables?|variables? (?:in|inside|within) (?:a |the )?(?:links?|urls?|domains?)|local variables?", "variable-inside-link", "variable-inside-number"),
    _p(r"变量[^,。;!?]{0,8}(?:传|携带|作为|设置为?|填写?|为|是|含)[^,。;!?]{0,4}(?:链接|url|网址)|链接[^,。;!?]{0,8}(?:设置?为?|作为|做|用|使用)[^,。;!?]{0,3}变量|(?:变量|整个|整体)链接|link[^.;]{0,20}(?:as|in) (?:a )?variable|variable[^.;]{0,20}(?:as|is|be|contain\w*) (?:a )?(?:link|url)|param_not_support_url", "link-in-variable", "variable-link-path"),
    _p(r"短链[接]?[^,。;!?]{0,6}变量|short (?:link|url)[^.;]{0,20}variable", "short-link-plus-variable"),
    _p(r"短链接?|short (?:link|url)s?", "link-in-text", "short-link-plus-variable"),
    _p(r"(?:号码|电话)(?:中|内)?[^,。;!?]{0,8}变量|variables? (?:in|inside|as part of) (?:a |the )?(?:phone )?numbers?", "variable-inside-number"),
    _p(r"变量(?:名|名称|命名)|(?:variable|parameter) names?", "bad-variable-name", "forbidden-variable-name"),
    _p(r"变量(?:[^,。;!?]{0,4})重复|重复(?:的|使用)?(?:同一)?变量|(?:同一|相同)(?:个)?变量[^,。;!?]{0,8}(?:一次|重复|多次)|(?:repeated|duplicate\w*) variables?|same variable", "repeated-variable"),
    _p(r"变量[^。;!?]{0,40}(?:不符合|不符|不匹配|不规范)[^,。;!?]{0,24}(?:规范|属性|类型|要求)?|变量(?:的)?(?:属性|类型)|(?:选择|设置)[^,。;!?]{0,6}变量(?:属性|类型)|variable (?:attribute|type|kind)s?", "variable-kind-wrong"),
    _p(r"变量(?:值|内容|长度)?[^,。;!?]{0,6}(?:超长|过长|超过|超出|超限|长度限制)|params? over length|(?:param|variable|value)[^.;]{0,20}(?:too long|over ?length|length limit|exceed\w*)", "variable-value-too-long", "text-too-long"),
    _p(r"(?:变量|占位符|参数)(?:的)?(?:格式|写法|符号|样式)|(?:变量|占位符)(?:使用)?(?:错误|不合法|非法)|(?:variable|placeholder)[^.;]{0,16}(?:format|syntax|notation)", "wrong-placeholder", "bad-variable-name"),
    # --- How it is written --------------------------------------------------------------------------------------------
    _p(r"(?:模板|内容|短信|字数|文案|正文)[^,。;!?]{0,10}(?:500|过长|超长|超出(?:长度|字数)|字数(?:限制|超)|超过[^,。;!?]{0,4}字)|(?:content|text|template)[^.;]{0,20}(?:too long|exceed\w*)", "text-too-long"),
    _p(r"模[板版]名称?[^。;!?]{0,30}|template name", "template-name"),
    _p(rf"(?:模[板版]|内容|短信|正文)?(?:中|内|里)?{_G}【】?{_G}(?:符号|删除|签名|不)?|(?:模[板版]|内容)(?:中|内|里)?{_G}(?:添加|包含|含有?|带有?|写|填写){_G}签名|重复签名|(?:brackets|signature) in the (?:template|content|text)|【】", "signature-in-text", "square-brackets-at-edge", "signature-brackets"),
    _p(r"(?:特殊|严禁|违规|非法|禁用|敏感|非常用|不支持的?|不常用|有?乱码(?:的)?)(?:的)?(?:符号|字符|标点)|乱码|(?:special|prohibited|forbidden|illegal|unsupported|banned) (?:symbol|character|sign)s?|garbled", "special-symbols", "signature-characters"),
    _p(r"emoji|表情(?:符号)?|颜文字|emoticons?", "emoji", "special-symbols"),
    _p(r"错别字|错字|变体字|谐音|异体字|火星文|拼写|不规范(?:用)?(?:字|汉字)|typos?|misspell\w*|spelling|variant characters?|homophon\w+", "disguised-spelling", "traditional-characters"),
    _p(r"(?:内容|模[板版]|语义|语句|业务场景|场景|主题|含义|用途|表述|描述)[^,。;!?]{0,4}(?:不清晰|不清楚|不明确|不明|不清|不完整|模糊|不通顺|无意义)|(?:无法|不能|难以)(?:辨认|辨别|识别|判断|确定|明确)(?:[^,。;!?]{0,4}(?:业务|场景|用途|内容|含义))?|unclear (?:content|subject|text)?|content[^.;]{0,20}(?:unclear|not clear|vague|ambiguous|incomplete)", "unclear-subject", "too-little-fixed-text", "variables-only"),
    _p(r"绝对化|极限词|最高级|广告法|国家级|独一无二|superlative\w*|advertising law", "superlatives"),
    # --- Contacts -----------------------------------------------------------------------------------------------------
    _p(r"(?:个人)?手机号码?|移动电话|私人号码|个人(?:号码|电话|联系方式)|(?:mobile|cell ?phone|personal) (?:phone )?numbers?", "mobile-number-in-text", "phone-in-text"),
    _p(r"(?:qq|微信|微信群|qq群|抖音|旺旺|钉钉|小红书|社交)(?:号|账号|群)?|加群|添加好友|引流|导流|(?:非企业)?公众号|wechat|social (?:media )?accounts?|(?:add|join)\w* (?:friends?|groups?)", "social-account-in-text", "mobile-number-in-text"),
    _p(r"(?:联系方式|联系电话|电话号码|固定电话|座机|固话|400)|(?:phone|telephone|contact) (?:numbers?|information|details)", "phone-in-text", "otp-with-contact", "mobile-number-in-text"),
    _p(r"(?:最多|不超过|至多|仅支持|不能超过)[^,。;!?]{0,3}(?:两|2|二)个(?:联系方式|号码|电话)|at most two contacts?|too many contacts?", "too-many-contacts"),
    _p(r"(?:含有?|包含|带有?|禁止|不支持|不允许|携带|存在|添加)[^,。;!?]{0,6}(?:链接|网址|url|域名|ip)|(?:links?|urls?|domains?|ip address\w*) (?:is|are) not|(?:contains?|with) (?:a )?(?:links?|urls?)", "link-in-text", "otp-with-link", "link-in-variable"),
    _p(r"(?:模[板版]|内容|短信)(?:内容)?(?:与|跟|和)签名[^,。;!?]{0,8}(?:不匹配|不一致|不符|无关)|签名[^,。;!?]{0,12}(?:与|跟|和)(?:短信|模[板版])(?:内容)?[^,。;!?]{0,6}(?:不匹配|不一致|不符|无关)|(?:涉及|提及|提到|含有?)第三方(?!的?(?:权益|商标))|a公司[^。;]*b公司|third[ -]party (?:company|name|content)|(?:content|template)[^.;]{0,20}(?:does not|not) match[^.;]{0,12}sign", "third-party-name", "third-party-rights"),
    # --- What is not carried ------------------------------------------------------------------------------------------
    _p(r"敏感(?:词|字|内容|信息)|违禁(?:词|品|内容)?|违规(?:词|内容|信息)|禁发(?:内容|行业|类)?|关键[字词](?:内容)?(?:拦截|屏蔽|过滤|命中)|涉黄|涉赌|涉毒|涉政|高投诉|违法(?:违规)?|不良信息|sensitive (?:words?|content|information)|prohibited (?:content|words?|industr\w+)|(?:banned|illegal|forbidden) (?:content|words?|topics?)", "banned-topic", "carrier-does-not-carry"),
    _p(r"运营商(?:[^,。;!?]{0,8})(?:不(?:支持|允许|承接|予)|拒绝|限制|禁止|无法|管控|要求)|(?:不支持|暂不支持|无法|不承接|不能)(?:该|此|这)(?:类|种|行业|业务|内容)|(?:类|种)(?:业务|短信|内容)(?:暂)?不支持|carriers? (?:do(?:es)? not|refus\w+|restrict\w*|prohibit\w*)|not supported by (?:the )?carriers?", "carrier-does-not-carry", "banned-topic"),
)
"""What every vendor's reviewers say, one phrase for each thing they mind; longer matches go before shorter ones."""

TOPIC_WORDS: tuple[Phrase, ...] = (
    _p(r"金融|理财|投资|股票|证券|基金|期货|financ\w*|investment|stocks?|securities", "finance"),
    _p(r"贷款|借贷|借款|网贷|信贷|p2p|loans?|lending", "loan"),
    _p(r"催收|催缴|催款|催费|逾期|还款提醒|欠费|debt collection|dunning|collection of debts?|payment reminders?|overdue", "dunning"),
    _p(r"地产|房产|房地产|楼盘|real estate|property sales?", "real-estate"),
    _p(r"教育|培训|招生|education\w*|training", "education"),
    _p(r"招聘|面试|求职|recruit\w*|interviews?|job", "recruitment"),
    _p(r"抽奖|中奖|彩票|博彩|lotter\w+|(?:prize|lucky) draws?|sweepstake\w*", "lottery"),
    _p(r"游戏|棋牌|games?|gaming", "game"),
    _p(r"医疗|医美|美容|整形|医药|药品|保健品|medical|medicine|cosmetic\w*|beauty", "medical-beauty"),
    _p(r"积分(?:兑换|换购|领取)?|points? (?:exchange|redemption)|redemption of points?|redeem\w* points?", "points"),
    _p(r"问卷|调查|调研|questionnaires?|surveys?", "questionnaire"),
    _p(r"(?:app|应用|软件)(?:下载|推广)|下载app|app (?:download|promotion)\w*", "app-download"),
    _p(r"优惠券|代金券|coupons?|vouchers?", "coupon"),
    _p(r"运营商业务|流量|话费|电信|联通|移动(?:业务|公司)|carrier(?:s'|'s)? (?:own )?business|data (?:plan|package)s?", "carrier-business"),
    _p(r"律师函|法院|恐吓|威胁|诉讼|threat\w*|court|lawsuit", "legal-threat"),
    _p(r"(?:邀请|引导|推荐)注册|拉新|召回|invit\w+ (?:to )?regist\w+", "invite-register"),
    _p(r"直播|live[ -]?stream\w*", "live-stream"),
    _p(r"发票|代开|invoices?", "invoice-service"),
    _p(r"交友|婚恋|相亲|dating|matchmaking", "dating"),
    _p(r"装修|家装|建材|decoration|renovation", "home-decoration"),
    _p(r"烟草|烟酒|酒类|白酒|香烟|alcohol|tobacco|liquor|cigarettes?", "alcohol-tobacco"),
    _p(r"展会|展览|招展|exhibitions?|fairs?|trade shows?", "exhibition"),
    _p(r"保险|insurance", "insurance"),
    _p(r"好评|返现|good reviews?|positive reviews?", "review-request"),
    _p(r"(?:邀请|欢迎)?到店|visit (?:the )?(?:store|shop)|store visits?", "store-visit"),
    _p(r"假冒|高仿|伪劣|counterfeit\w*", "counterfeit-goods"),
    _p(r"租机|手机租赁|phone rental", "rental-business"),
    _p(r"色情|赌博|毒品|政治|宗教|迷信|殡葬|众筹|移民|商标注册|加盟|招商|皮草|募捐|维权|法律服务|征信|婚庆|代办|刻章|兼职|返利|传销|porn\w*|gambl\w+|drugs?|politic\w*|religio\w*|superstition|funeral|crowdfund\w*|immigrat\w*|franchis\w*|fur\b|donations?", "banned-topic"),
)
"""Topics as reasons name them; weaker than a phrase, so they come behind it."""
# fmt: on
