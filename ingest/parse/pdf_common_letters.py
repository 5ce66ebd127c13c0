"""What texts are mostly made of: letter pairs of the European languages, and common Chinese characters, simplified and traditional."""

COMMON_PAIRS = frozenset(
    "aa ab ac ad ag ai ak al am an ap ar as at au av az ba be bi bo br ca ce ch ci ck co ct cu cz da de di do dz ea ec ed ee eg ei ek el "
    "em en ep er es et ev ez fe fi fo fr fu ga ge gi go gr gy ha he hi ho ht ia ic id ie if ig ii ij ik il im in io ir is it iv ja je "
    "ka ke ki ko ks kt la ld le li ll lo ls lt lu ly ma me mi mm mo mp mu na nc nd ne ng ni nn no ns nt nu ny oc od og oi ok ol om on oo "
    "op or os ot ou ov ow pa pe pi pl po pp pr pu qu ra rd re ri rk rm rn ro rr rs rt ru ry rz sa sc se sh si sk so sp ss st su sz ta te "
    "th ti tn to tr ts tt tu tz ua ub uc ud ue ul um un up ur us ut uu va ve vi vo vy wa we wi wo wy ya ye za ze zi zy".split()
)
"""Neighbouring letters, accents aside. A text in one of the languages has nine in ten of its pairs here, shuffled letters four."""

COMMON_HAN = frozenset(
    "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二"
    "无同么经法当起与好看学进种将还分此心前面又定见只主没公从工使情明性知全点长现实民想正开些本但高手文等间意动面月力由样已头因向车外回西很重机内"
    "水物真加通理体气第走被才给次女每数老新度路各利名身几平教话期解题员表变入流电张信海代关太北安系建门山先结书东口打四五六七八九两区目少品相活"
    "更此社万世界求部应做带量质形制市场任设管受接处己指连转条件收合资合展计服务保持证请提供产按键灯显示屏清洁洗滤网箱源插座充池机器屋户客商店退换货"
    "费单价钱运送包装订购买卖款付免期限天内修理故障错误代码原检查操作说明书注意警告危险热冷温低高压功率容积尺寸规格型号参数项目称值米厘毫克升分钟秒"
    "小时空气净化净扫吸尘风扇声音视频摄像头网络连接线无设置安装拆卸更关闭启停止模式自智能家庭厨房室儿童使勿请不须必需确认完全部分位置左右前后底盖"
    "顶端底部边侧内外圆方绿红黄蓝白黑色亮闪烁慢快常熄灭等待再次重复直当若果因为所但且或者及以与则即并由于通选择输入名密码登录册账号邮址址编辑删除添"
    "加保存取消返回首页下载传上图片件夹联系们电话线答问题什怎样如何哪里谁多少几可否吗呢吧啊您好谢谢欢迎感支援助帮"
    "咖啡豆粉杯奶泡煮磨滴漏油烟锅炸烤食物油盐糖米饭菜鸡鱼肉布巾干湿软硬刷子轮滚尘埃毛发宠地毯毡垫角落墙壁桌椅床窗户灰"
    "國這為來個們說時會後對過發當無經學將還與見沒從實開現點長間動樣頭車機內氣體給數變電張關係門書東兩區應帶質場設處轉條資"
    "計務證請產鍵燈顯潔濾網單價錢運裝訂購買賣款費務檢查錯誤碼繼續選擇輸號編輯刪聯絡問題麼幾謝歡迎員選確認擇關閉啟動壓溫積規參項稱鐘"
    "省族律据社论农则命令研究形热治深程济林识革改济斯德共产级石报思战科权师万放候百原何吃英马花早爱房式布台尔亲记言切非识强许且始反叫建军政治术基取风完"
    "术议观队告具死石命共义今毛兵走眼亚府思往早怎议往怀字技半报史士语步府落南办离克特约组织根极类划达导调集团标准交华院区保证包环照章制计九约支般史感劳便团往酸历市克何除"
    "律例款协责任损失赔偿法诉争议隐私个据收集披露第三方存储安全遵守适用条约终止授权许可禁止违反通知书面同意变更生效解释版本修订适欧盟美元人民币税含邮编街城镇县"
    "号楼层区间早晚午周末星期节假工作营业夜日历月季春夏秋冬今昨明后年龄岁男女孩父母朋友老板师医院病药健康脏染菌毒臭味香甜苦辣咸鲜嫩新旧古典型状态势"
)
